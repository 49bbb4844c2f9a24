//! Who listens while a decoder reads: nobody ([`Off`]) or a [`Tree`](super::Tree).

use super::descriptor::Field;
use super::fault::{Fault, Remark};
use super::span::{Bits, Range};
use super::value::Value;

/// Receives every field that a decoder reads, in wire order.
///
/// Decoders are generic over this trait and never ask which implementation they have: the quiet run and the annotated
/// run are the same code.
pub trait Annotate {
    /// A field was read.
    fn leaf(&mut self, field: &'static Field, bits: Bits, value: Value);
    /// A value was computed and is not on the wire by itself.
    fn derived(&mut self, field: &'static Field, at: u32, value: Value);
    /// A group of fields begins at bit `at`.
    fn open(&mut self, field: &'static Field, at: u32);
    /// A named member of the open group begins; its descriptor is the open group's member of that name, or `other`.
    fn open_member(&mut self, other: &'static Field, key: Range, name: &[u8], at: u32);
    /// The open group's value, for groups that stand for one.
    fn value(&mut self, value: Value);
    /// The open group ends before bit `at`.
    fn close(&mut self, at: u32);
    /// The decoder stopped inside the open group.
    fn fault(&mut self, fault: Fault);
    /// Bits that no decoder read, and why.
    fn gap(&mut self, bits: Bits, why: &'static str);
    /// Something odd.
    fn remark(&mut self, remark: Remark);
}

/// Nobody listens: every call compiles to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Off;

impl Annotate for Off {
    #[inline(always)]
    fn leaf(&mut self, _: &'static Field, _: Bits, _: Value) {}
    #[inline(always)]
    fn derived(&mut self, _: &'static Field, _: u32, _: Value) {}
    #[inline(always)]
    fn open(&mut self, _: &'static Field, _: u32) {}
    #[inline(always)]
    fn open_member(&mut self, _: &'static Field, _: Range, _: &[u8], _: u32) {}
    #[inline(always)]
    fn value(&mut self, _: Value) {}
    #[inline(always)]
    fn close(&mut self, _: u32) {}
    #[inline(always)]
    fn fault(&mut self, _: Fault) {}
    #[inline(always)]
    fn gap(&mut self, _: Bits, _: &'static str) {}
    #[inline(always)]
    fn remark(&mut self, _: Remark) {}
}

impl<A: Annotate> Annotate for &mut A {
    #[inline]
    fn leaf(&mut self, field: &'static Field, bits: Bits, value: Value) {
        (**self).leaf(field, bits, value);
    }
    #[inline]
    fn derived(&mut self, field: &'static Field, at: u32, value: Value) {
        (**self).derived(field, at, value);
    }
    #[inline]
    fn open(&mut self, field: &'static Field, at: u32) {
        (**self).open(field, at);
    }
    #[inline]
    fn open_member(&mut self, other: &'static Field, key: Range, name: &[u8], at: u32) {
        (**self).open_member(other, key, name, at);
    }
    #[inline]
    fn value(&mut self, value: Value) {
        (**self).value(value);
    }
    #[inline]
    fn close(&mut self, at: u32) {
        (**self).close(at);
    }
    #[inline]
    fn fault(&mut self, fault: Fault) {
        (**self).fault(fault);
    }
    #[inline]
    fn gap(&mut self, bits: Bits, why: &'static str) {
        (**self).gap(bits, why);
    }
    #[inline]
    fn remark(&mut self, remark: Remark) {
        (**self).remark(remark);
    }
}
