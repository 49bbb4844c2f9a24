//! The index of a capture against the records that it was made of.

mod common;

use common::{records, sample};
use rtmpscope::record::{Record, Sink};
use rtmpscope::session::Want;
use rtmpscope::time::Time;
use rtmpscope::view::index::{Index, Indexer, Item, Scope};

fn index(file: &str) -> Index {
    let (mut indexer, mut index) = (Indexer::new(), Index::default());
    for record in records_of(file) {
        indexer.take(record);
    }
    index.push(indexer.take_batch(true));
    index
}

fn records_of(file: &str) -> Vec<Record> {
    records(&sample(file).bytes, Want::LITTLE)
}

#[test]
fn every_item_is_found_at_its_place() {
    for file in ["auth-failures-nginx.pcap", "x-loss3.pcap", "c-violations.pcap"] {
        let index = index(file);
        let scopes = (1..=index.sessions().len() as u32).map(Scope::Session).chain([Scope::All]);
        let mut seen = [0, 0];
        for scope in scopes {
            for place in 0..index.len(scope) {
                let item = index.item(scope, place).unwrap();
                assert_eq!(index.place(scope, item), Some(place), "{file} {scope:?} {item:?}");
                seen[usize::from(matches!(item, Item::Note(_)))] += 1;
            }
            assert_eq!(index.item(scope, index.len(scope)), None);
        }
        // Everything once in all, and once in its session; notes about the capture have none.
        let of_capture = index.notes().iter().filter(|note| note.session == 0).count();
        assert_eq!(seen, [index.messages() * 2, index.notes().len() * 2 - of_capture], "{file}");
    }
}

#[test]
fn times_never_run_backwards_in_a_session_and_calls_know_their_replies() {
    let index = index("pub-ffmpeg5-2s-nginx.pcap");
    let connect = index.row(1, 1).unwrap();
    let (reply, after) = index.partner(connect).unwrap();
    assert_eq!(index.partner(reply).unwrap(), (connect, after));
    assert!(index.text(connect, false).contains("-> #"), "{}", index.text(connect, false));
    assert!(index.text(reply, false).contains("<- #1"), "{}", index.text(reply, false));
    let times: Vec<Time> = (0..index.len(Scope::Session(1)))
        .filter_map(|place| index.item(Scope::Session(1), place))
        .filter_map(|item| index.time(item))
        .collect();
    assert!(times.is_sorted());
}

#[test]
fn texts_are_masked_unless_open() {
    let index = index("pub-ffmpeg5-2s-nginx.pcap");
    let publish = (1..20).find_map(|seq| {
        let row = index.row(1, seq)?;
        index.text(row, false).starts_with("publish").then_some(row)
    });
    let row = publish.unwrap();
    assert!(index.text(row, false).contains("****"));
    assert!(!index.text(row, true).contains("****"));
    assert!(index.sessions()[0].stream.contains("****") && !index.sessions()[0].open_stream.contains("****"));
}

#[test]
fn batches_of_any_size_make_the_same_index() {
    let records = records_of("x-loss3.pcap");
    let build = |every: usize| {
        let (mut indexer, mut index) = (Indexer::new(), Index::default());
        for (n, record) in records.iter().cloned().enumerate() {
            indexer.take(record);
            if n % every == 0 {
                index.push(indexer.take_batch(n % 2 == 0));
            }
        }
        index.push(indexer.take_batch(true));
        index
    };
    let (one, all) = (build(1), build(1_000_000));
    assert!(records.iter().any(|record| matches!(record, Record::Gap(_))));
    assert_eq!(one.messages(), all.messages());
    assert!(one.entries_from(0).eq(all.entries_from(0)));
    assert_eq!(one.notes(), all.notes());
    assert_eq!(one.sessions(), all.sessions());
    assert!((0..one.messages() as u32).all(|row| one.partner(row) == all.partner(row)));
    assert_eq!(one.len(Scope::Session(1)), all.len(Scope::Session(1)));
}

/// A publish whose sound runs ahead of its pictures from the third second on, by 50 ms each second.
#[test]
fn charts_show_where_sound_and_pictures_drift_apart() {
    use rtmpscope::record::{Joined, Opened, Transport};
    use rtmpscope::session::Session;
    use rtmpscope::stream::{Direction, Piece, Stamp};
    use rtmpscope::view::series::Series;
    use rtmpscope::wire::chunk::Chunker;
    use rtmpscope::wire::code::MessageType;

    let (mut indexer, mut index) = (Indexer::new(), Index::default());
    let address = ([192, 0, 2, 1], 1935).into();
    let (transport, joined) = (Transport::Rtmp, Joined::Start);
    let opened = Opened { session: 1, time: Time(0), transport, client: address, server: address, joined };
    let limits = rtmpscope::limits::Limits::default();
    let mut sink = |record: Record| indexer.take(record);
    let mut session = Session::open(opened, 0, Want::LITTLE, &limits, &mut sink);
    let mut bytes = vec![0; 1 + 2 * 1536];
    bytes[0] = 3;
    let chunker = Chunker::default();
    for tick in 0..500u32 {
        let ms = tick * 20;
        let ahead = ms.saturating_sub(3000) / 20;
        chunker.write(4, ms + ahead, MessageType::AUDIO, 1, &[0xaf, 1, 0], &mut bytes);
        if tick % 2 == 0 {
            chunker.write(6, ms, MessageType::VIDEO, 1, &[0x27, 1, 0, 0, 0], &mut bytes);
        }
        let stamp = Stamp { time: Time(i64::from(ms) * 1_000_000), ..Stamp::default() };
        session.push(Direction::ClientToServer, stamp, Piece::Data(&bytes), &mut sink);
        bytes.clear();
    }
    session.finish(&mut sink);
    index.push(indexer.take_batch(true));
    let apart = Series::new(&index, 1).farthest().unwrap();
    assert!(apart.first.abs() < 1.0 && (320.0..=350.0).contains(&apart.last), "{apart:?}");
    let at = Series::new(&index, 1).time(apart.step).since(Time(0)).seconds();
    assert!(at > 9.0 && apart.offset > 330.0, "{at} {apart:?}");
}
