//! One packet in every wrapping, and cut at every length.

use proptest::prelude::*;

use super::{Other, Segment, segment};
use crate::net::LinkType;
use crate::net::testing::{ACK, CLIENT, FIN, SERVER, ipv4, tcp};

const PAYLOAD: &[u8] = b"sixteen bytes ..";

/// The IPv4 packet that every wrapping is put around.
fn inner() -> Vec<u8> {
    tcp(CLIENT, SERVER, ACK | FIN, 77, 88, PAYLOAD)
}

fn ethernet(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    [&[2; 12], &ether_type.to_be_bytes()[..], payload].concat()
}

fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let len = 8 + payload.len() as u16;
    ipv4(3, 4, 17, 0, &[&[0x99, 0x99], &port.to_be_bytes()[..], &len.to_be_bytes(), &[0, 0], payload].concat())
}

fn gre(flags: u16, kind: u16, options: &[u8], payload: &[u8]) -> Vec<u8> {
    ipv4(3, 4, 47, 0, &[&flags.to_be_bytes()[..], &kind.to_be_bytes(), options, payload].concat())
}

fn ipv6(next: u8, payload: &[u8]) -> Vec<u8> {
    let len = (payload.len() as u16).to_be_bytes();
    [&[0x60, 0, 0, 0], &len[..], &[next, 64], &[0x20; 16], &[0x30; 16], payload].concat()
}

fn wrappings() -> Vec<(&'static str, u16, Vec<u8>)> {
    let inner = inner();
    let frame = ethernet(0x0800, &inner);
    let vlan = |next: u16| [&[0, 7], &next.to_be_bytes()[..]].concat();
    let ppp = [&[0, 0x21], &inner[..]].concat();
    let pppoe = |ppp: &[u8]| [&[0x11, 0, 0, 3], &(ppp.len() as u16).to_be_bytes()[..], ppp].concat();
    let tcp_only = &inner[20..];
    vec![
        ("ethernet", 1, frame.clone()),
        ("padding and check sequence", 1, [&frame[..], &[0xee; 30]].concat()),
        ("vlan", 1, ethernet(0x8100, &[vlan(0x0800), inner.clone()].concat())),
        ("three tags", 1, ethernet(0x88a8, &[vlan(0x9100), vlan(0x8100), vlan(0x0800), inner.clone()].concat())),
        ("snap", 1, ethernet(60, &[&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], &inner[..]].concat())),
        ("pppoe", 1, ethernet(0x8864, &pppoe(&ppp))),
        ("pppoe alone", 51, pppoe(&ppp)),
        ("mpls", 1, ethernet(0x8847, &[&[0, 1, 0, 64, 0, 2, 1, 64], &inner[..]].concat())),
        ("pseudowire", 1, ethernet(0x8847, &[&[0, 1, 1, 64, 0, 0, 0, 0], &frame[..]].concat())),
        ("sll", 113, [&[0; 14][..], &[8, 0], &inner[..]].concat()),
        ("sll2", 276, [&[8, 0][..], &[0; 18], &inner[..]].concat()),
        ("null, little", 0, [&[2, 0, 0, 0], &inner[..]].concat()),
        ("null, big", 0, [&[0, 0, 0, 2], &inner[..]].concat()),
        ("loop", 108, [&[0, 0, 0, 2], &inner[..]].concat()),
        ("raw", 101, inner.clone()),
        ("raw of a BSD", 12, inner.clone()),
        ("ppp", 9, ppp.clone()),
        ("ppp, framed", 50, [&[0xff, 3], &ppp[..]].concat()),
        ("ppp, compressed", 9, ppp[1..].to_vec()),
        ("cisco", 104, [&[0x0f, 0, 8, 0], &inner[..]].concat()),
        ("ip in ip", 101, ipv4(3, 4, 4, 0, &inner)),
        ("gre", 101, gre(0, 0x0800, &[], &inner)),
        ("gre with everything", 101, gre(0xb000, 0x0800, &[9; 12], &inner)),
        ("pptp", 101, gre(0x3081, 0x880b, &[9; 12], &ppp)),
        ("gretap", 101, gre(0x2000, 0x6558, &[9; 4], &frame)),
        ("erspan", 101, gre(0x1000, 0x88be, &[9; 12], &frame)),
        ("vxlan", 101, udp(4789, &[&[8, 0, 0, 0, 0, 0, 77, 0], &frame[..]].concat())),
        ("geneve", 101, udp(6081, &[&[1, 0, 0x65, 0x58, 0, 0, 5, 0, 1, 2, 3, 4], &frame[..]].concat())),
        ("gtp", 101, udp(2152, &[&[0x30, 255, 0, inner.len() as u8, 0, 0, 0, 9], &inner[..]].concat())),
        (
            "gtp, extended",
            101,
            udp(
                2152,
                &[&[0x34, 255, 0, inner.len() as u8 + 8, 0, 0, 0, 9, 0, 0, 0, 0x85, 1, 1, 2, 0], &inner[..]].concat(),
            ),
        ),
        ("6in4", 101, ipv4(3, 4, 41, 0, &ipv6(6, tcp_only))),
        (
            "ipv6 with extensions",
            229,
            ipv6(
                0,
                &[
                    &[43, 0, 0, 0, 0, 0, 0, 0, 60, 1],
                    &[0; 14][..],
                    &[44, 0, 0, 0, 0, 0, 0, 0],
                    &[6, 0, 0, 0, 1, 2, 3, 4],
                    tcp_only,
                ]
                .concat(),
            ),
        ),
        (
            "ipv4 with options",
            228,
            [&[0x46, 0, 0, 60, 0, 0, 0, 0, 64, 6, 0, 0], &inner[12..20], &[1; 4], tcp_only].concat(),
        ),
        ("total length empty", 101, [&inner[..2], &[0, 0], &inner[4..]].concat()),
    ]
}

fn read(link: u16, data: &[u8], whole: usize) -> Result<Segment<'_>, Other> {
    segment(LinkType(link), data, whole as u32)
}

#[test]
fn every_wrapping_comes_off() {
    for (name, link, data) in wrappings() {
        let segment = read(link, &data, data.len()).unwrap_or_else(|other| panic!("{name}: {other:?}"));
        assert_eq!((segment.payload, segment.cut), (PAYLOAD, 0), "{name}");
        assert_eq!((segment.src.port(), segment.dst.port()), (CLIENT.1, SERVER.1), "{name}");
        assert_eq!((segment.seq, segment.ack), (77, 88), "{name}");
        assert!(segment.flags.fin && segment.flags.ack && !segment.flags.syn && !segment.flags.rst, "{name}");
        let at = segment.payload_offset as usize;
        assert_eq!(&data[at..at + PAYLOAD.len()], PAYLOAD, "{name}");
    }
}

#[test]
fn what_the_capture_cut_is_counted() {
    for (name, link, data) in wrappings() {
        for len in 0..data.len() {
            // A segment is read as long as its headers are there, and knows what is missing.
            if let Ok(segment) = read(link, &data[..len], data.len()) {
                assert_eq!(segment.payload.len() + segment.cut as usize, PAYLOAD.len(), "{name} {len}");
                assert!(PAYLOAD.starts_with(segment.payload), "{name} {len}");
            }
        }
    }
}

#[test]
fn what_is_not_tcp_says_what_it_is() {
    assert_eq!(read(1, &ethernet(0x0806, &[0; 28]), 42), Err(Other::NotIp(0x0806)));
    assert_eq!(read(101, &ipv4(1, 2, 1, 0, b"ping"), 24), Err(Other::NotTcp(1)));
    assert_eq!(read(101, &udp(53, b"name"), 32), Err(Other::NotTcp(17)));
    assert_eq!(read(105, &[0; 60], 60), Err(Other::LinkType(LinkType(105))));
    assert_eq!(read(101, &ipv4(1, 2, 6, 0x2000, &[0; 24]), 44), Err(Other::Fragment));
    assert_eq!(read(1, &[], 0), Err(Other::Unreadable));
    assert_eq!(read(101, &[0x45, 0, 0], 3), Err(Other::Unreadable));
}

#[test]
fn endless_wrapping_ends() {
    let mut data = inner();
    for _ in 0..100 {
        data = ipv4(3, 4, 4, 0, &data);
    }
    assert_eq!(read(101, &data, data.len()), Err(Other::Unreadable));
}

proptest! {
    #[test]
    fn noise(link in prop::sample::select(vec![0u16, 1, 9, 51, 101, 113, 276]), data in prop::collection::vec(any::<u8>(), 0..120), whole in 0usize..200) {
        let _ = read(link, &data, whole);
    }

    #[test]
    fn damage(which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), with in any::<[u8; 3]>()) {
        let mut all = wrappings();
        let (_, link, data) = &mut all[which.index(34)];
        let at = place.index(data.len() - 3);
        data[at..at + 3].copy_from_slice(&with);
        if let Ok(segment) = read(*link, data, data.len()) {
            let at = segment.payload_offset as usize;
            prop_assert_eq!(&data[at..at + segment.payload.len()], segment.payload);
        }
    }
}
