use super::*;
use crate::record::Closed;
use crate::stream::Ending;
use crate::time::Time;

fn mask() -> Mask {
    let mut mask = Mask::new(false);
    mask.known.learning(1).remember(b"s3cret?token=abcd");
    mask.known.learning(1).remember(b"s3cret");
    mask.known.learning(1).remember(b"token=abcd");
    mask.known.learning(1).remember(b"cam");
    mask
}

#[test]
fn whole_secrets_leave_nothing() {
    let shown = mask().text(1, Secrecy::Whole, "cam").into_owned();
    assert!(shown.starts_with("****") && !shown.contains("cam"));
    assert_eq!(shown.len(), 10);
}

#[test]
fn urls_lose_user_info_and_query() {
    let shown = mask().text(1, Secrecy::Url, "rtmp://me:pw@host:1935/live/x?user=me&pass=pw").into_owned();
    assert!(shown.starts_with("rtmp://****") && shown.contains("@host:1935/live/x?****"), "{shown}");
    assert!(!shown.contains("pw"));
    assert_eq!(mask().text(1, Secrecy::Url, "live"), "live");
    assert_eq!(mask().text(1, Secrecy::Url, "live?"), "live?");
    assert_eq!(mask().text(1, Secrecy::Url, "rtmp://@host/x"), "rtmp://@host/x");
}

#[test]
fn echoes_are_found_in_the_same_session_only() {
    let text = "Publishing s3cret?token=abcd and s3cret.";
    let shown = mask().echoes(1, text).into_owned();
    assert!(!shown.contains("s3cret") && !shown.contains("abcd"), "{shown}");
    assert!(shown.starts_with("Publishing ****") && shown.ends_with('.'));
    assert_eq!(mask().echoes(2, text), text);
    assert_eq!(mask().echoes(1, "camera"), "camera", "too short to be looked for inside of words");
    assert!(mask().echoes(1, "cam is published").starts_with("****"));
}

#[test]
fn equal_secrets_look_equal_and_the_salt_changes_them() {
    let mut other = mask();
    assert_eq!(mask().token(b"x"), mask().token(b"x"));
    assert_ne!(mask().token(b"x"), mask().token(b"y"));
    other.salt = Some([1; 32]);
    assert_ne!(mask().token(b"x"), other.token(b"x"));
}

#[test]
fn nothing_is_hidden_when_the_user_says_so() {
    let mut open = Mask::new(true);
    open.known.learning(1).remember(b"s3cret");
    assert_eq!(open.text(1, Secrecy::Whole, "s3cret"), "s3cret");
}

#[test]
fn a_servers_words_are_hidden_while_nobody_knows_what_they_repeat() {
    let mut mask = Mask::new(false);
    assert!(mask.text(1, Secrecy::Echo, "Start publishing").starts_with("****"));
    mask.known.learning(1).hear_client();
    assert_eq!(mask.text(1, Secrecy::Echo, "Start publishing"), "Start publishing");
}

/// An open session is known however many later ones come and go; a closed one until as many more have closed.
#[test]
fn an_open_session_is_never_forgotten() {
    let mut mask = mask();
    let close = |mask: &mut Mask, session| {
        let (how, by, verdict) = (Ending::Fin, None, String::new());
        let (messages, bytes, missing) = (0, [0; 2], [0; 2]);
        mask.learn(&Record::Closed(Closed { session, time: Time(0), how, by, verdict, messages, bytes, missing }));
    };
    for session in 2..2 + 3 * CLOSED_KNOWN as u32 {
        mask.known.learning(session).remember(b"other");
        close(&mut mask, session);
    }
    let hides = |mask: &Mask| mask.echoes(1, "s3cret is published").starts_with("****");
    assert!(hides(&mask));
    let Known::All(known) = &mask.known else { panic!("{mask:?}") };
    assert_eq!(known.len(), 1 + CLOSED_KNOWN, "closed ones do not pile up");
    close(&mut mask, 1);
    assert!(hides(&mask), "its last record is still to be shown");
}
