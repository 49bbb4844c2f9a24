//! The annotator for figures: how much is explained, without keeping what was said.

use super::annotate::Annotate;
use super::descriptor::{Content, Field};
use super::fault::{Fault, Remark};
use super::span::{Bits, Range};
use super::value::Value;

/// How many bits of a buffer, or of many, are explained. Every bit is counted once, as leaves and gaps tile a buffer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Bits of fields with a value.
    pub meaning: u64,
    /// Bits of coded sound and pictures.
    pub media: u64,
    /// Bits of leaves without public description, and of gaps, by their names.
    pub gaps: Vec<(&'static str, u64)>,
    /// Bits of leaves that are not decoded here although they could be, by the names of their fields.
    pub undecoded: Vec<(&'static str, u64)>,
}

impl Tally {
    /// Bits in all.
    pub fn total(&self) -> u64 {
        let sum = |counts: &[(&str, u64)]| counts.iter().map(|(_, bits)| bits).sum::<u64>();
        self.meaning + self.media + sum(&self.gaps) + sum(&self.undecoded)
    }

    /// Counts a gap.
    pub fn add_gap(&mut self, why: &'static str, bits: u64) {
        add(&mut self.gaps, why, bits);
    }

    /// Adds what another one counted.
    pub fn add(&mut self, other: &Tally) {
        self.meaning += other.meaning;
        self.media += other.media;
        other.gaps.iter().for_each(|(why, bits)| add(&mut self.gaps, why, *bits));
        other.undecoded.iter().for_each(|(name, bits)| add(&mut self.undecoded, name, *bits));
    }
}

fn add(counts: &mut Vec<(&'static str, u64)>, name: &'static str, bits: u64) {
    match counts.iter_mut().find(|(known, _)| *known == name) {
        Some((_, count)) => *count += bits,
        None if bits > 0 => counts.push((name, bits)),
        None => {}
    }
}

impl Annotate for Tally {
    fn leaf(&mut self, field: &'static Field, bits: Bits, _: Value) {
        let len = u64::from(bits.len);
        match field.content {
            Content::Meaning => self.meaning += len,
            Content::Media => self.media += len,
            Content::Undescribed => add(&mut self.gaps, field.about, len),
            Content::Undecoded => add(&mut self.undecoded, field.name, len),
        }
    }

    fn gap(&mut self, bits: Bits, why: &'static str) {
        add(&mut self.gaps, why, u64::from(bits.len));
    }

    fn derived(&mut self, _: &'static Field, _: u32, _: Value) {}
    fn open(&mut self, _: &'static Field, _: u32) {}
    fn open_member(&mut self, _: &'static Field, _: Range, _: &[u8], _: u32) {}
    fn value(&mut self, _: Value) {}
    fn close(&mut self, _: u32) {}
    fn fault(&mut self, _: Fault) {}
    fn remark(&mut self, _: Remark) {}
}
