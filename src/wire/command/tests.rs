use super::*;
use crate::field::{FaultKind, Node, Secrecy, Tree, Value};

fn read(bytes: &[u8]) -> Command {
    let (command, result) = Command::read(&mut Reader::quiet(bytes), MessageType::COMMAND, None);
    assert_eq!(result, Ok(()));
    command
}

fn tree(bytes: &[u8], reply_to: Option<&'static Known>) -> Tree {
    let tree = Tree::explain(bytes, |r| Command::read(r, MessageType::COMMAND, reply_to).1);
    assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
    tree
}

fn text(s: &str) -> Amf {
    Amf::String(s.into())
}

fn object(members: &[(&str, Amf)]) -> Amf {
    Amf::Object(members.iter().map(|(k, v)| ((*k).into(), v.clone())).collect())
}

fn command(name: &str, transaction: f64, object: Amf, args: &[Amf]) -> Vec<u8> {
    let mut bytes = Vec::new();
    Command { name: name.into(), transaction: Some(transaction), object, args: args.to_vec() }.write(&mut bytes);
    bytes
}

fn node<'a>(tree: &'a Tree, name: &str) -> &'a Node {
    tree.nodes().iter().find(|n| n.field.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// The groups below the command, by name.
fn roles(tree: &Tree) -> Vec<&'static str> {
    tree.nodes().iter().filter(|n| n.depth == 1).map(|n| n.field.name).collect()
}

#[test]
fn create_stream_of_the_protocol_page() {
    let body = b"\x02\0\x0ccreateStream\0\x40\0\0\0\0\0\0\0\x05";
    let expected = Command { name: "createStream".into(), transaction: Some(2.0), object: Amf::Null, args: vec![] };
    assert_eq!(read(body), expected);
    // The same in type 17, with its format byte and without.
    let with_byte = [&[0], &body[..]].concat();
    for (bytes, remarks) in [(&with_byte[..], 0), (body, 1)] {
        let (command, result) = Command::read(&mut Reader::quiet(bytes), MessageType::COMMAND_AMF3, None);
        assert_eq!((command, result), (expected.clone(), Ok(())));
        let tree = Tree::explain(bytes, |r| Command::read(r, MessageType::COMMAND_AMF3, None).1);
        assert_eq!(tree.remarks().len(), remarks);
    }
}

#[test]
fn connect_is_explained_by_its_own_vocabulary() {
    let what = object(&[
        ("app", text("live?authmod=adobe&user=bob")),
        ("tcUrl", text("rtmp://bob:pw@host/live")),
        ("audioCodecs", Amf::Number(4071.0)),
        ("videoCodecs", Amf::Number(252.0)),
        ("objectEncoding", Amf::Number(0.0)),
        ("fourCcList", Amf::Array(vec![text("hvc1")])),
        ("videoFourCcInfoMap", object(&[("hvc1", Amf::Number(5.0))])),
        ("capsEx", Amf::Number(3.0)),
        ("own", text("x")),
    ]);
    let bytes = command("connect", 1.0, what, &[text("more")]);
    let tree = tree(&bytes, None);
    assert_eq!(roles(&tree), ["command_name", "transaction_id", "connect_object", "application_argument"]);
    let label = |name| node(&tree, name).field.label(node(&tree, name).value, &bytes).unwrap().into_owned();
    assert_eq!(label("command_name"), "opens the connection to an application on the server");
    assert!(label("audioCodecs").starts_with("raw, ADPCM, MP3, Nellymoser 8 kHz"));
    assert!(label("videoCodecs").ends_with("H.264"));
    assert_eq!(label("objectEncoding"), "AMF0");
    assert_eq!(label("codec_capabilities"), "can decode, can forward");
    assert_eq!(label("capsEx"), "reconnect, multitrack");
    for name in ["app", "tcUrl"] {
        assert_eq!(node(&tree, name).field.secrecy, Secrecy::Url);
    }
    assert_eq!(node(&tree, "member").field.name, "member");
}

#[test]
fn stream_names_are_secrets_in_every_command_that_has_them() {
    for name in [
        "publish",
        "play",
        "releaseStream",
        "FCPublish",
        "FCUnpublish",
        "FCSubscribe",
        "FCUnsubscribe",
        "getStreamLength",
    ] {
        let bytes = command(name, 5.0, Amf::Null, &[text("key?token=1")]);
        let tree = tree(&bytes, None);
        let node = node(&tree, "stream_name");
        assert_eq!(node.field.secrecy, Secrecy::Whole, "{name}");
        assert!(matches!(node.value, Value::Text(range) if range.of(&bytes) == b"key?token=1"));
    }
    for (name, arg, field) in [
        ("secureTokenResponse", text("t"), "secure_token_response"),
        ("NetStream.Authenticate.UsherToken", text("t"), "usher_token"),
        ("play2", object(&[("streamName", text("k"))]), "streamName"),
        ("set_playlist", object(&[("0", text("k"))]), "playlist_entry"),
        ("onStatus", object(&[("details", text("k"))]), "details"),
        ("onFCPublish", object(&[("description", text("k"))]), "description"),
    ] {
        let tree = tree(&command(name, 0.0, Amf::Null, &[arg]), None);
        assert_ne!(node(&tree, field).field.secrecy, Secrecy::Open, "{name}");
    }
}

#[test]
fn arguments_have_the_names_of_the_specification() {
    let play =
        command("play", 4.0, Amf::Null, &[text("k"), Amf::Number(-2000.0), Amf::Number(-1.0), Amf::Boolean(true)]);
    let tree_ = tree(&play, None);
    assert_eq!(
        roles(&tree_),
        ["command_name", "transaction_id", "command_object", "stream_name", "start", "duration", "reset"]
    );
    let start = node(&tree_, "start");
    assert_eq!(start.value, Value::Float(-2000.0));
    let meaning = start.field.label(start.value, &play);
    assert_eq!(meaning.as_deref(), Some("the live stream, or the recorded one if there is none"));
    let publish = command("publish", 5.0, Amf::Null, &[text("k"), text("live"), Amf::Null]);
    assert_eq!(roles(&tree(&publish, None)).split_off(3), ["stream_name", "publish_type", "argument"]);
}

#[test]
fn a_reply_is_explained_by_its_call() {
    let result = command("_result", 2.0, Amf::Null, &[Amf::Number(1.0)]);
    let call = known(b"createStream");
    assert_eq!(roles(&tree(&result, call)).split_off(2), ["command_object", "new_stream_id"]);
    assert_eq!(roles(&tree(&result, None)).split_off(2), ["properties", "response"]);
    let info = object(&[
        ("code", text("NetConnection.Connect.Rejected")),
        ("description", text("[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=U")),
        ("ex", object(&[("code", Amf::Number(302.0)), ("redirect", text("rtmp://u:p@other/live"))])),
    ]);
    let error = command("_error", 1.0, Amf::Null, &[info]);
    for reply_to in [known(b"connect"), None] {
        let tree = tree(&error, reply_to);
        let code = node(&tree, "code");
        assert!(code.field.label(code.value, &error).unwrap().starts_with("the server refused access"));
        assert_eq!(node(&tree, "redirect").field.secrecy, Secrecy::Url);
        assert_ne!(node(&tree, "description").field.secrecy, Secrecy::Open);
    }
}

#[test]
fn a_missing_transaction_id_is_remarked_only() {
    let mut bytes = Vec::new();
    let info = object(&[("code", text("NetStream.Publish.Start"))]);
    amf0::write_all(&[text("onFCPublish"), Amf::Null, info.clone()], &mut bytes);
    let expected = Command { name: "onFCPublish".into(), transaction: None, object: Amf::Null, args: vec![info] };
    assert_eq!(read(&bytes), expected);
    assert_eq!(tree(&bytes, None).remarks().len(), 1);
    let mut bytes = Vec::new();
    amf0::write_all(&[text("@setDataFrame"), text("onMetaData")], &mut bytes);
    let command = read(&bytes);
    assert_eq!((command.object, command.args), (Amf::Undefined, vec![text("onMetaData")]));
}

#[test]
fn what_was_read_before_a_fault_is_kept() {
    let whole = command("publish", 5.0, Amf::Null, &[text("key"), text("live")]);
    let (command, result) = Command::read(&mut Reader::quiet(&whole[..whole.len() - 1]), MessageType::COMMAND, None);
    assert_eq!(result.map_err(|f| f.kind), Err(FaultKind::Short(1)));
    assert_eq!((&*command.name, command.transaction, &command.args[..]), ("publish", Some(5.0), &[text("key")][..]));
    let (command, result) = Command::read(&mut Reader::quiet(b"\x00\x3f"), MessageType::COMMAND, None);
    assert!(result.is_err());
    assert_eq!((&*command.name, command.transaction), ("", None));
}

#[test]
fn the_vocabulary_has_every_command_once() {
    for (i, k) in KNOWN.iter().enumerate() {
        assert!(KNOWN.iter().skip(i + 1).all(|other| other.name != k.name), "{}", k.name);
        assert!(!k.about.is_empty());
    }
    assert!(known(b"call").is_none() && known(b"Connect").is_none());
}
