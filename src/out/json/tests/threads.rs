//! Events written by several threads.

use super::*;

/// A session with this number among many: its events in order, secrets learned on the way.
fn of_session(session: u32, messages: u32) -> Vec<Record> {
    let mut records = vec![opened()];
    records.extend(publishing());
    for n in 0..messages {
        let name = if n % 3 == 0 { "onStatus" } else { "publish" };
        records.push(command(name, &[text(&format!("cam{session}-{}?key=abc{n}", n / 4)), text("live")]));
        records.push(message(8, &[0xaf, 1, n as u8]));
    }
    records.push(closed(&format!("published cam{session}-1")));
    // The source's line and the last one are those of all sessions together.
    records.retain(|record| !matches!(record, Record::Source(_) | Record::End(_)));
    for record in &mut records {
        if let Some(number) = record.session_mut() {
            *number = session;
        }
    }
    records
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(40))]
    /// Sessions mixed in any order, batches of any size, any number of threads: the text of one thread.
    #[test]
    fn several_threads_write_the_same_text(
        lengths in proptest::collection::vec(0u32..12, 1..5),
        order in proptest::collection::vec(0usize..5, 0..300),
        array in proptest::prelude::any::<bool>(),
        shown in proptest::prelude::any::<bool>(),
        threads in 2usize..5,
        batch in 1usize..20_000,
        long in proptest::prelude::any::<bool>(),
        much in proptest::prelude::any::<bool>(),
    ) {
        let mut sessions: Vec<_> = (1..).zip(&lengths).map(|(n, len)| of_session(n, *len).into_iter()).collect();
        let mut records = vec![source()];
        let many = sessions.len();
        records.extend(order.iter().filter_map(|n| sessions[n % many].next()));
        records.extend(sessions.into_iter().flatten());
        if long {
            records.push(closed(&"x".repeat(LONGEST_WAIT)));
        }
        records.push(end(7));
        let (detail, bodies) = if much { (Detail::Fields, Bodies::Hash) } else { (Detail::Messages, Bodies::None) };
        let options = Options { detail, bodies, array, live: false };
        let alone = written(options, Mask::new(shown), records.clone());
        let mut json = Json::new(Vec::new(), options, Mask::new(shown)).on_threads(threads);
        json.writers.as_mut().unwrap().of_batches(batch);
        records.into_iter().for_each(|record| json.take(record));
        let together = String::from_utf8(json.finish().unwrap()).unwrap();
        proptest::prop_assert!(alone == together);
    }
}

/// Memory that one thread asked for and another gives back makes both wait for the allocator.
#[test]
fn what_other_threads_write_is_dropped_here() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static HERE: AtomicUsize = AtomicUsize::new(0);
    static ELSEWHERE: AtomicUsize = AtomicUsize::new(0);
    struct Owner(std::thread::ThreadId);
    impl AsRef<[u8]> for Owner {
        fn as_ref(&self) -> &[u8] {
            &[0xaf, 1, 7]
        }
    }
    impl Drop for Owner {
        fn drop(&mut self) {
            let here = std::thread::current().id() == self.0;
            (if here { &HERE } else { &ELSEWHERE }).fetch_add(1, Ordering::Relaxed);
        }
    }
    let options = Options { detail: Detail::Fields, bodies: Bodies::Hash, array: false, live: false };
    let mut json = Json::new(std::io::sink(), options, Mask::new(false)).on_threads(3);
    json.writers.as_mut().unwrap().of_batches(2000);
    json.take(source());
    for _ in 0..300 {
        let Record::Message(mut message) = message(8, &[0xaf, 1, 7]) else { panic!() };
        message.body = Body::Kept(bytes::Bytes::from_owner(Owner(std::thread::current().id())));
        json.take(Record::Message(message));
    }
    json.take(end(300));
    json.finish().unwrap();
    assert_eq!((HERE.load(Ordering::Relaxed), ELSEWHERE.load(Ordering::Relaxed)), (300, 0));
}
