//! Integers of variable width, and the tables to which they may point.

use crate::field::{Annotate, Fault, FaultKind, Field, Range, Reader, Value};

use super::f;

/// Bytes that references to strings and classes may stand for in one message. Two bytes can name a string of
/// megabytes, again and again: without a bound a small message would describe an enormous one.
const EXPANDED: usize = 16 << 20;

/// What the AMF3 values of one message share.
#[derive(Debug, Default)]
pub struct Tables {
    strings: Vec<Range>,
    traits: Vec<Traits>,
    members: Vec<Range>,
    expanded: usize,
    pub(super) objects: u32,
}

/// The shape of an object: its class, and the names of its sealed members.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    pub(super) class: Range,
    first: u32,
    pub(super) count: u32,
    pub(super) dynamic: bool,
    pub(super) external: bool,
}

impl Tables {
    pub(super) fn traits(&self, index: u32) -> Option<Traits> {
        self.traits.get(index as usize).copied()
    }

    /// The name of the n-th sealed member.
    pub(super) fn member(&self, traits: Traits, n: u32) -> Range {
        self.members.get((traits.first + n) as usize).copied().unwrap_or_default()
    }

    /// Counts bytes that stand for themselves once and are named again.
    pub(super) fn spend<A: Annotate>(&mut self, r: &Reader<'_, A>, range: Range) -> Result<(), Fault> {
        self.expanded += range.len as usize;
        if self.expanded > EXPANDED { Err(r.fault(FaultKind::TooMany)) } else { Ok(()) }
    }
}

impl Traits {
    /// Reads inline traits; their header `u` was looked at before.
    pub(super) fn read<A: Annotate>(
        r: &mut Reader<'_, A>,
        (u, width): (u32, usize),
        tables: &mut Tables,
    ) -> Result<Traits, Fault> {
        r.coded(&f::SEALED_COUNT, width, Value::Unsigned(u64::from(u >> 4)))?;
        r.derived(&f::EXTERNALIZABLE, Value::Boolean(u & 4 != 0));
        r.derived(&f::DYNAMIC, Value::Boolean(u & 8 != 0));
        let class = string(r, tables, &f::CLASS_NAME)?;
        let first = tables.members.len() as u32;
        let external = u & 4 != 0;
        let count = if external { 0 } else { u >> 4 };
        for _ in 0..count {
            r.count()?;
            let name = string(r, tables, &f::NAME)?;
            tables.members.push(name);
        }
        let traits = Traits { class, first, count, dynamic: !external && u & 8 != 0, external };
        tables.traits.push(traits);
        Ok(traits)
    }
}

/// The integer ahead and its width; nothing is read.
pub(super) fn u29<A: Annotate>(r: &Reader<'_, A>) -> Result<(u32, usize), Fault> {
    u29_ahead(r.peek()).ok_or_else(|| r.fault(FaultKind::Short(1)))
}

fn u29_ahead(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut value = 0;
    for (before, &byte) in bytes.iter().take(4).enumerate() {
        if before == 3 {
            // The last of four bytes has no mark and gives all its bits.
            return Some((value << 8 | u32::from(byte), 4));
        }
        value = value << 7 | u32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, before + 1));
        }
    }
    None
}

/// True when the empty name that ends members is ahead.
pub(super) fn no_name_ahead(bytes: &[u8]) -> bool {
    matches!(u29_ahead(bytes), Some((1, _)))
}

/// Where the bytes of the string ahead stand; nothing is read.
pub(super) fn string_ahead<A: Annotate>(r: &Reader<'_, A>, tables: &Tables) -> Range {
    match u29_ahead(r.peek()) {
        Some((u, len)) if u & 1 != 0 => Range { start: (r.at() + len) as u32, len: u >> 1 },
        Some((u, _)) => tables.strings.get((u >> 1) as usize).copied().unwrap_or_default(),
        None => Range::default(),
    }
}

/// Reads a string without marker, and returns where its bytes stand.
pub(super) fn string<A: Annotate>(
    r: &mut Reader<'_, A>,
    tables: &mut Tables,
    field: &'static Field,
) -> Result<Range, Fault> {
    let (u, width) = u29(r)?;
    let number = Value::Unsigned(u64::from(u >> 1));
    if u & 1 == 0 {
        r.coded(&f::STRING_REFERENCE, width, number)?;
        let Some(&range) = tables.strings.get((u >> 1) as usize) else {
            r.remark(width, "refers to a string that has not come");
            return Ok(Range::default());
        };
        tables.spend(r, range)?;
        return Ok(range);
    }
    r.coded(&f::STRING_LENGTH, width, number)?;
    let range = Range { start: r.at() as u32, len: u >> 1 };
    if range.len > 0 {
        r.text(field, range.len as usize)?;
        tables.strings.push(range);
    }
    Ok(range)
}
