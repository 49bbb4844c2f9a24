//! ModEx: modifiers in front of the packet type, each with its size, so that unknown ones can be skipped.

use super::{Header, NOT_KEPT, Packet, f};
use crate::field::{Annotate, Fault, Reader, Value};
use crate::wire::body::Extent;

/// What a modifier says; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModExType(pub u8);

impl ModExType {
    /// Nanoseconds to add to the timestamp.
    pub const TIMESTAMP_OFFSET_NANO: ModExType = ModExType(0);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        (self == ModExType::TIMESTAMP_OFFSET_NANO).then_some("TimestampOffsetNano")
    }
}

/// Reads modifiers until another packet type comes. False when only the beginning of the body is there and ends before
/// that.
#[inline]
pub(super) fn read<A: Annotate, P: Packet>(
    r: &mut Reader<'_, A>,
    extent: Extent,
    header: &mut Header<P>,
) -> Result<bool, Fault> {
    while header.packet == P::MOD_EX {
        if extent.is_head() && ends_before_the_next_type(r.peek()) {
            r.skip_rest(NOT_KEPT);
            return Ok(false);
        }
        r.group(&f::MOD_EX, |r| modifier(r, header))?;
    }
    Ok(true)
}

fn modifier<A: Annotate, P: Packet>(r: &mut Reader<'_, A>, header: &mut Header<P>) -> Result<(), Fault> {
    r.count()?;
    let mut size = usize::from(r.u8(&f::MOD_EX_SIZE)?) + 1;
    if size == ESCAPE {
        size = usize::from(r.u16(&f::MOD_EX_LONG_SIZE)?) + 1;
    }
    // The type stands behind the data that it explains.
    let kind = r.peek().get(size).map(|next| ModExType(next >> 4));
    match (kind, size) {
        (Some(ModExType::TIMESTAMP_OFFSET_NANO), 3..) => {
            let nanos = r.u24(&f::NANO_OFFSET)?;
            header.nano_offset = Some(nanos);
            r.value(Value::Unsigned(u64::from(nanos)));
            if nanos > 999_999 {
                r.remark(3, "more than a millisecond");
            }
            if size > 3 {
                r.bytes(&f::MOD_EX_DATA, size - 3)?;
                r.remark(size - 3, "more bytes than the offset needs");
            }
        }
        _ => {
            r.bytes(&f::MOD_EX_DATA, size)?;
            if kind == Some(ModExType::TIMESTAMP_OFFSET_NANO) {
                r.remark(size, "too short for an offset of three bytes");
            }
        }
    }
    let [kind, packet] = r.bits([(&f::MOD_EX_TYPE, 4), (P::FIELD, 4)])?;
    header.packet = P::new(packet);
    if ModExType(kind as u8).name().is_none() {
        r.remark(1, "a reserved modifier");
    }
    Ok(())
}

/// The size that says that the size follows in two bytes.
const ESCAPE: usize = 256;

fn ends_before_the_next_type(bytes: &[u8]) -> bool {
    let (before, size) = match bytes {
        [0xff, high, low, ..] => (3, usize::from(u16::from_be_bytes([*high, *low])) + 1),
        [0xff, ..] => (3, 1),
        [size, ..] => (1, usize::from(*size) + 1),
        [] => (1, 1),
    };
    bytes.len() <= before + size
}

pub(super) fn type_name(kind: u64) -> Option<&'static str> {
    ModExType(kind as u8).name()
}
