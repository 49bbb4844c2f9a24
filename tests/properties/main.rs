//! Laws over generated structures of every kind: read quietly and explained they say the same, the explanation tiles the
//! bytes, the fault is pinned, and nothing panics; whole, cut at every byte, and with a byte changed.
//!
//! The generators write what the specifications describe, with every choice that they leave; a whole structure must also
//! be read without a fault and without bytes left over.

mod bits;
mod codec;
mod control;
mod enhanced;
mod values;
mod vvc;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use rtmpscope::field::{Content, Kind, Node, Reader, Tree};
use rtmpscope::wire::body::{Context, Extent, read};
use rtmpscope::wire::code::MessageType;

/// Cases of each family: enough to meet every choice a few times, few enough for every run.
fn cases() -> ProptestConfig {
    ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() }
}

/// The laws over a body, its beginnings, and the body with one byte changed. Returns the tree of the whole.
fn laws(ty: MessageType, body: &[u8], change: (usize, u8)) -> Result<Tree, TestCaseError> {
    let ends = (0..body.len()).take(96).chain(body.len().saturating_sub(48)..body.len());
    for end in ends {
        for extent in [Extent::Whole, Extent::Head] {
            law(ty, &body[..end], extent)?;
        }
    }
    let mut changed = body.to_vec();
    if let Some(byte) = changed.get_mut(change.0 % body.len().max(1)) {
        *byte ^= change.1;
        law(ty, &changed, Extent::Whole)?;
    }
    law(ty, body, Extent::Whole)
}

fn law(ty: MessageType, body: &[u8], extent: Extent) -> Result<Tree, TestCaseError> {
    let context = Context { extent, ..Context::default() };
    let (quiet, result) = read(&mut Reader::quiet(body), ty, context);
    let mut reader = Reader::new(body, Tree::new());
    let (told, told_result) = read(&mut reader, ty, context);
    let tree = reader.finish(told_result);
    prop_assert_eq!(format!("{quiet:?} {result:?}"), format!("{told:?} {told_result:?}"), "{:02x?}", body);
    prop_assert_eq!(tree.first_fault(), result.err(), "{:02x?}", body);
    prop_assert_eq!(tree.tiles(body.len()), Ok(()), "{:02x?}", body);
    Ok(tree)
}

/// A whole structure as it should be: the laws, no fault, no bytes left over, and no field that only says `not decoded`.
fn healthy(ty: MessageType, body: &[u8], change: (usize, u8)) -> Result<Tree, TestCaseError> {
    let tree = laws(ty, body, change)?;
    prop_assert_eq!(tree.first_fault(), None, "{:02x?}", body);
    let explained = |node: &&Node| matches!(node.field.content, Content::Meaning | Content::Media);
    let unexplained = tree.nodes().iter().find(|node| node.kind == Kind::Gap || !explained(node));
    prop_assert!(unexplained.is_none(), "{:?} in {:02x?}", unexplained, body);
    Ok(tree)
}

/// Which byte is changed, and by which bits.
fn change() -> impl Strategy<Value = (usize, u8)> {
    (any::<usize>(), 1..=255u8)
}

fn bytes(len: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), len)
}

/// Numbers as their last bytes, big-endian.
fn be(number: u32, bytes: usize) -> Vec<u8> {
    number.to_be_bytes()[4 - bytes..].to_vec()
}
