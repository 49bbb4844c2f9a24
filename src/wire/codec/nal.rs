//! NAL units, the packets of AVC, HEVC and VVC (ITU-T H.264, H.265, H.266): their headers, and the list of them that a
//! coded sample is. The OBUs of AV1 share the list of types.
//!
//! Refuses to know what slices say beyond their first fields.

use super::picture::{Picture, Timing};
use super::{avc, hevc, sei, vvc};
use crate::field::{Annotate, Fault, FaultKind, Field, Reader};
use crate::wire::fourcc::FourCc;

mod fields;
mod names;
pub use fields::f;

/// The standard that says what a unit's type means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    /// H.264.
    Avc,
    /// H.265.
    Hevc,
    /// H.266.
    Vvc,
    /// AV1: open bitstream units instead of NAL units.
    Av1,
    /// Everything else: frames that are not made of units.
    #[default]
    Whole,
}

/// The type of a NAL unit or OBU; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitType {
    /// Whose number it is.
    pub family: Family,
    /// The number.
    pub number: u8,
}

/// The units of a sample: the first types, and how many units there were. Small enough to travel with a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NalList {
    family: Family,
    kept: u8,
    types: [u8; NalList::KEPT],
    /// How many units the sample holds.
    pub count: u32,
    /// True when a unit or frame is there from which decoding can start.
    pub random_access: bool,
    /// Width and height, where a key frame says them itself (VP8, VP9).
    pub size: Option<(u32, u32)>,
}

/// What the units of one sample or record told each other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// How picture timing is laid out, from the sequence parameter set.
    pub(super) timing: Option<Timing>,
    /// The picture of the first sequence parameter set.
    pub(super) picture: Option<Picture>,
    /// The first fault of a unit of a record. It does not hide the units after it.
    pub(super) fault: Option<Fault>,
}

impl Seen {
    /// How a record went whose frame went like this: a unit's fault came before that of the frame, which ends the record.
    pub(super) fn first_of(&self, frame: Result<(), Fault>) -> Result<(), Fault> {
        self.fault.map_or(frame, Err)
    }
}

/// More units are not listed: a hostile sample could hold millions.
const MOST_UNITS: u32 = 4096;

impl Family {
    /// The family of a codec.
    pub fn of(fourcc: FourCc) -> Family {
        match &fourcc.0 {
            b"avc1" => Family::Avc,
            b"hvc1" => Family::Hevc,
            b"vvc1" => Family::Vvc,
            b"av01" => Family::Av1,
            _ => Family::Whole,
        }
    }
}

impl UnitType {
    /// The name of the standard.
    pub fn name(self) -> Option<&'static str> {
        names::of(self.family, self.number).map(|(_, name)| name)
    }

    /// The type as a JSON word, such as `sps`; none for reserved and unspecified types.
    pub fn word(self) -> Option<&'static str> {
        names::of(self.family, self.number).map(|(word, _)| word).filter(|word| !word.is_empty())
    }

    /// True for pictures from which decoding can start.
    pub fn is_random_access(self) -> bool {
        match self.family {
            Family::Avc => self.number == 5,
            Family::Hevc => matches!(self.number, 16..=21),
            Family::Vvc => matches!(self.number, 7..=10),
            Family::Av1 | Family::Whole => false,
        }
    }
}

impl NalList {
    /// Types that are kept; the count goes on.
    pub const KEPT: usize = 16;

    pub(super) fn new(family: Family) -> NalList {
        NalList { family, ..NalList::default() }
    }

    /// The types in order of their appearance; a run of units of the same type appears once.
    pub fn types(&self) -> impl Iterator<Item = UnitType> + '_ {
        let family = self.family;
        self.types.iter().take(usize::from(self.kept)).map(move |&number| UnitType { family, number })
    }

    /// True when units of other types than [`types`](Self::types) says may follow.
    pub fn is_full(&self) -> bool {
        usize::from(self.kept) == NalList::KEPT
    }

    pub(super) fn push(&mut self, number: u8) {
        self.count += 1;
        self.random_access |= UnitType { family: self.family, number }.is_random_access();
        let kept = usize::from(self.kept);
        if kept.checked_sub(1).and_then(|last| self.types.get(last)) != Some(&number)
            && let Some(slot) = self.types.get_mut(kept)
        {
            *slot = number;
            self.kept += 1;
        }
    }
}

/// Reads a coded sample: all that is left within the current bounds. A unit that cannot be decoded keeps its fault, and
/// the next one is read.
pub(super) fn sample<A: Annotate>(
    r: &mut Reader<'_, A>,
    nal_length: u8,
    seen: &mut Seen,
    list: &mut NalList,
) -> Result<(), Fault> {
    if nal_length == 4 && r.peek().starts_with(&[0, 0, 0, 1]) && !lengths_add_up(r.peek()) {
        r.remark(0, "start codes stand where lengths should");
        return byte_stream(r, seen, list);
    }
    let mut result = Ok(());
    for _ in 0..MOST_UNITS {
        if r.is_empty() {
            return result;
        }
        let one = r.group(&f::NAL_UNIT, |r| length_prefixed(r, nal_length, seen, list));
        result = result.and(one);
    }
    more(r, result)
}

/// One unit and its length.
fn length_prefixed<A: Annotate>(
    r: &mut Reader<'_, A>,
    nal_length: u8,
    seen: &mut Seen,
    list: &mut NalList,
) -> Result<(), Fault> {
    let len = match length(r, nal_length) {
        Ok(len) => len,
        Err(fault) => return Err(lost(r, fault)),
    };
    if len == 0 {
        r.remark(usize::from(nal_length), "a NAL unit of no bytes");
        return Ok(());
    }
    if let Some(number) = type_ahead(list.family, r.peek()) {
        list.push(number);
    }
    if let Some(missing) = len.checked_sub(r.left() + 1) {
        let fault = r.fault(FaultKind::Short(missing as u32 + 1));
        return Err(lost(r, fault));
    }
    let family = list.family;
    r.within(len, |r| unit(r, family, seen))
}

fn length<A: Annotate>(r: &mut Reader<'_, A>, nal_length: u8) -> Result<usize, Fault> {
    match nal_length {
        1 => r.u8(&f::NAL_LENGTH).map(usize::from),
        2 => r.u16(&f::NAL_LENGTH).map(usize::from),
        3 => r.u24(&f::NAL_LENGTH).map(|len| len as usize),
        4 => r.u32(&f::NAL_LENGTH).map(|len| len as usize),
        _ => Err(r.malformed(&"a NAL unit's length has 1, 2 or 4 bytes")),
    }
}

/// Is a sample that begins so, and whose last `missing` bytes are not there, one unit with a part of a picture?
pub(super) fn is_one_slice(beginning: &[u8], family: Family, nal_length: u8, missing: u32) -> bool {
    let Some((len, unit)) = beginning.split_at_checked(nal_length.into()) else { return false };
    let len = len.iter().fold(0, |len, byte| len << 8 | u64::from(*byte));
    let slices = match family {
        Family::Avc => 1..=5,
        Family::Hevc => 0..=31,
        Family::Vvc => 0..=11,
        Family::Av1 | Family::Whole => return false,
    };
    len == unit.len() as u64 + u64::from(missing) && type_ahead(family, unit).is_some_and(|ty| slices.contains(&ty))
}

/// Reads the beginning of a sample that is one unit.
pub(super) fn one<A: Annotate>(r: &mut Reader<'_, A>, nal_length: u8, list: &mut NalList) -> Result<(), Fault> {
    r.group(&f::NAL_UNIT, |r| {
        length(r, nal_length)?;
        if let Some(number) = type_ahead(list.family, r.peek()) {
            list.push(number);
        }
        unit(r, list.family, &mut Seen::default())
    })
}

/// A unit of a decoder configuration, with its length in two bytes. The fault that is returned says that the next unit
/// cannot be found; that this unit cannot be decoded is [`Seen`] alone.
pub(super) fn counted<A: Annotate>(
    r: &mut Reader<'_, A>,
    group: &'static Field,
    family: Family,
    seen: &mut Seen,
) -> Result<(), Fault> {
    let mut found = false;
    let result = r.group(group, |r| {
        let len = usize::from(r.u16(&f::NAL_LENGTH)?);
        found = len <= r.left();
        r.within(len, |r| unit(r, family, seen))
    });
    if !found {
        return result;
    }
    seen.fault = seen.fault.or(result.err());
    Ok(())
}

/// Where the next unit would begin is not known: the rest is not decoded.
fn lost<A: Annotate>(r: &mut Reader<'_, A>, fault: Fault) -> Fault {
    r.skip_rest("not decoded after a fault");
    fault
}

/// Units between start codes, as some encoders send them by mistake.
fn byte_stream<A: Annotate>(r: &mut Reader<'_, A>, seen: &mut Seen, list: &mut NalList) -> Result<(), Fault> {
    let mut result = Ok(());
    for _ in 0..MOST_UNITS {
        if r.is_empty() {
            return result;
        }
        let one = r.group(&f::NAL_UNIT, |r| {
            let zeros = r.peek().iter().take_while(|&&b| b == 0).count();
            r.bytes(&f::START_CODE, (zeros + 1).min(r.left()))?;
            if let Some(number) = type_ahead(list.family, r.peek()) {
                list.push(number);
            }
            let (family, len) = (list.family, unit_ahead(r.peek()));
            r.within(len, |r| unit(r, family, seen))
        });
        result = result.and(one);
    }
    more(r, result)
}

/// Reads one NAL unit: all that is left within the current bounds.
pub(super) fn unit<A: Annotate>(r: &mut Reader<'_, A>, family: Family, seen: &mut Seen) -> Result<(), Fault> {
    let number = header(r, family)?;
    let len = r.left();
    match (family, number) {
        (Family::Avc, 1 | 5) => r.rbsp(len, avc::slice),
        (Family::Avc, 6) => r.rbsp(len, |b| sei::read(b, family, seen.timing)),
        (Family::Avc, 7) => r.rbsp(len, |b| avc::sps::read(b, seen)),
        (Family::Avc, 8) => r.rbsp(len, |b| avc::pps::read(b, seen)),
        (Family::Avc, 9) => r.rbsp(len, |b| {
            b.u(&f::AVC_PRIMARY_PIC_TYPE, 3)?;
            b.trailing(&f::TRAILING);
            Ok(())
        }),
        (Family::Avc, 13) => r.rbsp(len, avc::pps::sps_extension),
        (Family::Hevc, 32) => r.rbsp(len, hevc::vps::read),
        (Family::Hevc, 33) => r.rbsp(len, |b| hevc::sps::read(b, seen)),
        (Family::Hevc, 34) => r.rbsp(len, hevc::pps::read),
        (Family::Hevc, 35) => r.rbsp(len, |b| {
            b.u(&f::HEVC_PIC_TYPE, 3)?;
            b.trailing(&f::TRAILING);
            Ok(())
        }),
        (Family::Vvc, 12) => r.rbsp(len, vvc::vps::operating_point),
        (Family::Vvc, 13) => r.rbsp(len, vvc::vps::capability),
        (Family::Vvc, 14) => r.rbsp(len, vvc::vps::read),
        (Family::Vvc, 15) => r.rbsp(len, |b| vvc::sps::read(b, seen)),
        (Family::Vvc, 16) => r.rbsp(len, vvc::pps::read),
        (Family::Vvc, 17 | 18) => r.rbsp(len, vvc::aps::read),
        (Family::Vvc, 20) => r.rbsp(len, |b| {
            b.flag(&f::VVC_RANDOM_ACCESS)?;
            b.u(&f::HEVC_PIC_TYPE, 3)?;
            b.trailing(&f::TRAILING);
            Ok(())
        }),
        (Family::Hevc, 39 | 40) => r.rbsp(len, |b| sei::read(b, family, seen.timing)),
        (Family::Vvc, 23 | 24) => r.rbsp(len, |b| sei::read(b, family, None)),
        // The end of a sequence or stream says nothing more.
        (Family::Avc, 10 | 11) | (Family::Hevc, 36 | 37) | (Family::Vvc, 21 | 22) => Ok(()),
        _ => {
            r.rest(opaque(family, number));
            Ok(())
        }
    }
}

/// What a unit is that stays one leaf.
fn opaque(family: Family, number: u8) -> &'static Field {
    match (family, number) {
        (Family::Avc, 12) | (Family::Hevc, 38) | (Family::Vvc, 25) => &f::FILLER,
        (Family::Avc, 1..=5 | 19 | 20 | 21) | (Family::Hevc, 0..=31) | (Family::Vvc, 0..=11 | 19) => &f::NAL_PAYLOAD,
        (Family::Avc, 14..=16) => &f::SCALABLE,
        // Reserved, or left to applications.
        (Family::Avc, 0 | 17 | 18 | 22..) | (Family::Hevc, 41..) | (Family::Vvc, 26..) => &f::UNSPECIFIED,
        _ => &f::PARAMETERS,
    }
}

/// Reads the header of a NAL unit and returns its type.
pub(super) fn header<A: Annotate>(r: &mut Reader<'_, A>, family: Family) -> Result<u8, Fault> {
    let [forbidden, number] = match family {
        Family::Hevc => {
            let fields = [(&f::FORBIDDEN, 1), (&f::HEVC_TYPE, 6), (&f::LAYER_ID, 6), (&f::TEMPORAL_ID, 3)];
            let [forbidden, number, ..] = r.bits(fields)?;
            [forbidden, number]
        }
        Family::Vvc => {
            let ids =
                [(&f::FORBIDDEN, 1), (&f::RESERVED, 1), (&f::LAYER_ID, 6), (&f::VVC_TYPE, 5), (&f::TEMPORAL_ID, 3)];
            let [forbidden, _, _, number, _] = r.bits(ids)?;
            [forbidden, number]
        }
        _ => {
            let [forbidden, _, number] = r.bits([(&f::FORBIDDEN, 1), (&f::REF_IDC, 2), (&f::AVC_TYPE, 5)])?;
            [forbidden, number]
        }
    };
    if forbidden != 0 {
        r.remark(1, "the first bit of a NAL unit must be 0");
    }
    Ok(number as u8)
}

/// The type of the unit that begins here.
#[inline]
fn type_ahead(family: Family, bytes: &[u8]) -> Option<u8> {
    match family {
        Family::Hevc => bytes.first().map(|b| b >> 1 & 0x3f),
        Family::Vvc => bytes.get(1).map(|b| b >> 3),
        _ => bytes.first().map(|b| b & 0x1f),
    }
}

/// Bytes up to the zeros before the next start code.
fn unit_ahead(bytes: &[u8]) -> usize {
    match bytes.windows(3).position(|w| w == [0, 0, 1]) {
        Some(code) => {
            let before = bytes.get(..code).unwrap_or_default();
            before.len() - before.iter().rev().take_while(|&&b| b == 0).count()
        }
        None => bytes.len(),
    }
}

/// True when lengths of four bytes lead exactly to the end.
fn lengths_add_up(mut bytes: &[u8]) -> bool {
    while let Some((len, rest)) = bytes.split_first_chunk::<4>() {
        match rest.get(u32::from_be_bytes(*len) as usize..) {
            Some(rest) => bytes = rest,
            None => return false,
        }
    }
    bytes.is_empty()
}

/// The largest number of units has been read.
fn more<A: Annotate>(r: &Reader<'_, A>, result: Result<(), Fault>) -> Result<(), Fault> {
    if r.is_empty() { result } else { result.and(Err(r.fault(FaultKind::TooMany))) }
}

#[cfg(test)]
mod tests;
