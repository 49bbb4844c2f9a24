//! Why bytes are missing: each reason is told where it is the true one, in words that say who lost them.

mod common;
mod impair;

use common::{sample, try_feed};
use impair::{Damage, Packet, capture, packets};
use rtmpscope::engine::{Live, Output, Settings};
use rtmpscope::limits::Limits;
use rtmpscope::record::{Gap, Record, Source};
use rtmpscope::session::Want;
use rtmpscope::stream::{Direction, Loss, Piece};
use rtmpscope::time::{Span, Time};

/// A publish to a server that acknowledges all.
fn publish() -> Vec<Packet> {
    packets(&sample("pub-ffmpeg5-2s-nginx.pcap").bytes)
}

/// Who opened the connection sent it.
fn is_of_client(packet: &Packet) -> bool {
    packet.ends.is_some_and(|(from, _)| from.port() != 1935)
}

/// The place of a data packet of the client, in the middle.
fn middle(packets: &[Packet]) -> usize {
    let data: Vec<usize> =
        (0..packets.len()).filter(|n| is_of_client(&packets[*n]) && packets[*n].payload > 500).collect();
    data[data.len() / 2]
}

fn gaps(packets: &[Packet], limits: Limits) -> (Vec<Gap>, u64) {
    let (mut gaps, mut lost) = (Vec::new(), 0);
    let settings = Settings { limits, ..Settings::new(Want::LITTLE) };
    try_feed(&capture(packets), &settings, &mut |record| match record {
        Record::Gap(gap) => gaps.push(gap),
        Record::End(end) => lost = end.searched.lost_bytes,
        _ => {}
    })
    .unwrap();
    (gaps, lost)
}

/// The only gap says this, and how many bytes it has.
fn only(gaps: &[Gap], words: &str, missing: u64) {
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].why.contains(words), "{}", gaps[0].why);
    assert_eq!((gaps[0].missing, gaps[0].dir), (missing, Direction::ClientToServer));
}

#[test]
fn what_the_receiver_has_was_lost_by_the_capture() {
    let mut left = publish();
    let lost = left.remove(middle(&left));
    let (gaps, lost_bytes) = gaps(&left, Limits::default());
    only(&gaps, "the capture lost them, not the network", lost.payload as u64);
    assert_eq!(lost_bytes, lost.payload as u64);
}

/// Leaves out what the server says from packet `at` on.
fn silence_server(packets: &mut Vec<Packet>, at: usize) {
    let mut n = 0;
    packets.retain(|packet| {
        n += 1;
        n <= at || is_of_client(packet)
    });
}

/// The packet was lost on the way, and the connection broke before it was sent again: the server repeats what it has.
#[test]
fn what_the_receiver_never_had_was_lost_by_the_network() {
    let mut left = publish();
    let at = middle(&left);
    let lost = left.remove(at);
    // What the server says from here on acknowledges the lost packet; that it goes on saying the same is left out.
    silence_server(&mut left, at);
    let (gaps, _) = gaps(&left, Limits::default());
    only(&gaps, "never acknowledged: the network lost these bytes", lost.payload as u64);
}

#[test]
fn without_the_receiver_nobody_can_tell() {
    let mut left = publish();
    let lost = left.remove(middle(&left));
    left.retain(is_of_client);
    let (gaps, _) = gaps(&left, Limits::default());
    only(&gaps, "without the receiver's acknowledgments nobody can tell", lost.payload as u64);
}

#[test]
fn what_is_not_waited_for_is_said_to_be_given_up() {
    let mut left = publish();
    let at = middle(&left);
    let lost = left.remove(at);
    silence_server(&mut left, at);
    let (gaps, _) = gaps(&left, Limits { late_bytes: 4000, ..Limits::default() });
    only(&gaps, "not waited for any longer: too many bytes came behind them", lost.payload as u64);
}

/// Within a payload that is said once, not each time; where headers are missing, at each place.
#[test]
fn what_a_snapshot_cut_off_was_not_lost() {
    let mut left = publish();
    let at = middle(&left);
    left[at].data.truncate(200);
    let mut said = Vec::new();
    try_feed(&capture(&left), &Settings::new(Want::LITTLE), &mut |record| match record {
        Record::Finding(finding) => said.push((finding.rule.id, finding.text)),
        Record::Gap(gap) => panic!("{gap:?}"),
        _ => {}
    })
    .unwrap();
    assert!(said.len() == 1 && said[0].0 == "capture.packets_cut" && said[0].1.contains("200 bytes"), "{said:?}");

    let (gaps, lost_bytes) = gaps(&Damage::Snap(120).apply(&publish(), 0), Limits::default());
    let words = "cut off: the capture keeps only the first bytes of each packet";
    assert!(!gaps.is_empty() && gaps.iter().any(|gap| gap.why.contains(words)), "{gaps:?}");
    assert_eq!(lost_bytes, 0, "nothing of it is counted as lost");
}

#[test]
fn what_a_decoder_skipped_passed_all_the_same() {
    let bytes = sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    let [client, server] = common::sides(&bytes);
    let (sender, inbox) = std::sync::mpsc::channel();
    let audience = Box::new(move |record: Record| drop(sender.send(record)));
    let output = Output { name: "test".to_owned(), longest_wait: Span(0), audience };
    let source = Source { input: "test".to_owned(), format: "live".to_owned(), start: None };
    let mut live = Live::new(&source, &Settings::new(Want::LITTLE), vec![output]);
    live.open(1, Time(0), ([192, 0, 2, 1], 4000).into(), ([192, 0, 2, 2], 1935).into());
    live.piece(1, Time(1), Direction::ClientToServer, Piece::Data(&client[..30_000]));
    live.piece(1, Time(2), Direction::ServerToClient, Piece::Data(&server));
    live.piece(1, Time(3), Direction::ClientToServer, Piece::Gap(5000, Loss::Behind));
    live.piece(1, Time(4), Direction::ClientToServer, Piece::Data(&client[35_000..]));
    live.finish();
    let gaps: Vec<Gap> =
        inbox.try_iter().filter_map(|record| if let Record::Gap(gap) = record { Some(gap) } else { None }).collect();
    only(&gaps, "they passed while the decoder was behind", 5000);
}
