use super::*;
use crate::field::Tree;

/// The base packet of the protocol page's worked vector.
fn base() -> [u8; PACKET] {
    let mut packet: [u8; PACKET] = std::array::from_fn(|i| (31 * i + 7) as u8);
    packet[..8].copy_from_slice(&[0, 0, 0, 0, 9, 0, 0x7c, 2]);
    packet
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn digests_of_the_worked_vector() {
    for (speaker, layout, digest) in [
        (Speaker::Client, Layout::DigestFirst, "a3ba710c26a9f95974deaac20ae608dcad6f09c8e61b847f0e495845c49c4724"),
        (Speaker::Client, Layout::KeyFirst, "620ff796e3863f5eed780742bdc0d799852194af9e008ae34ee7998e465bf0fa"),
        (Speaker::Server, Layout::DigestFirst, "040cb0301f0955f29e3075538bf942d75fe64baa1d5ecebfc8ed37e2cd892be3"),
        (Speaker::Server, Layout::KeyFirst, "f6aa35b59957494371914a13145d0553fe71ffcf2aa4555aeaaa442d6db0a4ba"),
    ] {
        let mut packet = base();
        assert_eq!(Form::of(&packet, speaker), Form::Simple);
        sign(&mut packet, layout, speaker);
        assert_eq!(hex(&digest_of(&packet, layout)), digest);
        assert_eq!(Form::of(&packet, speaker), Form::Digest(layout));
        assert_eq!(Form::of(&packet, speaker.other()), Form::Simple);
    }
}

#[test]
fn signatures_of_the_worked_vector() {
    let signature = [
        0x72, 0x51, 0xac, 0x18, 0x3b, 0x38, 0x6f, 0xf9, 0xfe, 0xcd, 0x7d, 0x6e, 0x67, 0xd3, 0x60, 0x4b, 0xc1, 0xdd,
        0x03, 0x6e, 0x29, 0x20, 0xa6, 0x46, 0x7f, 0x8b, 0x56, 0x7c, 0x12, 0xc0, 0x24, 0x9a,
    ];
    let mut c1 = base();
    sign(&mut c1, Layout::DigestFirst, Speaker::Client);
    let mut s2: [u8; PACKET] = std::array::from_fn(|i| (13 * i + 5) as u8);
    s2[PACKET - DIGEST_SIZE..].copy_from_slice(&signature);
    assert_eq!(Echo::of(&s2, &c1, Speaker::Server), Echo::Signed);
    s2[0] ^= 1;
    assert_eq!(Echo::of(&s2, &c1, Speaker::Server), Echo::Different);
}

#[test]
fn echoes() {
    let s1 = base();
    assert_eq!(Echo::of(&s1, &s1, Speaker::Client), Echo::Exact);
    let mut c2 = s1;
    c2[5] ^= 1;
    assert_eq!(Echo::of(&c2, &s1, Speaker::Client), Echo::Spec);
    c2[0] ^= 1;
    assert_eq!(Echo::of(&c2, &s1, Speaker::Client), Echo::Different);
}

#[test]
fn every_form_tiles() {
    for layout in [None, Some(Layout::DigestFirst), Some(Layout::KeyFirst)] {
        let mut packet = base();
        if let Some(layout) = layout {
            sign(&mut packet, layout, Speaker::Client);
        }
        let form = Form::of(&packet, Speaker::Client);
        let bytes = [&[3][..], &packet].concat();
        let tree = Tree::explain(&bytes, |r| read_first(r, form).map(drop));
        assert_eq!(tree.first_fault(), None);
        assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
        if let Some(layout) = layout {
            let digest = tree.nodes().iter().find(|n| n.field.name == "digest").unwrap();
            assert_eq!(digest.bits.bytes().of(&bytes), digest_of(&packet, layout));
        }
    }
    for echo in [Echo::Exact, Echo::Signed] {
        let tree = Tree::explain(&base(), |r| read_second(r, echo));
        assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, PACKET * 8);
    }
}
