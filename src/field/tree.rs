//! The annotator for people: a flat arena of nodes in pre-order.

use super::annotate::Annotate;
use super::descriptor::Field;
use super::fault::{Fault, Remark};
use super::span::{Bits, Range};
use super::value::Value;

/// An explained buffer: its fields in wire order, each with range, value and meaning.
///
/// Leaves and gaps tile the buffer; groups enclose them. Text and bytes stay in the buffer, so a tree is read together
/// with the buffer that it explains.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    open: Vec<u32>,
    faults: Vec<(u32, Fault)>,
    remarks: Vec<Remark>,
}

/// One node of a [`Tree`].
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// What the node is.
    pub field: &'static Field,
    /// The name that the wire gives it, for members of AMF objects.
    pub key: Option<Range>,
    /// Where it lies.
    pub bits: Bits,
    /// What it says.
    pub value: Value,
    /// Index of the node after its last descendant.
    pub end: u32,
    /// How many groups enclose it.
    pub depth: u16,
    /// Leaf, group, gap or derived value.
    pub kind: Kind,
}

/// The kinds of node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A field on the wire.
    Leaf,
    /// A group of nodes.
    Group,
    /// Bits that no decoder read.
    Gap,
    /// A computed value of no width.
    Derived,
}

static GAP: Field = Field::new("gap", "bytes that were not decoded");

impl Tree {
    /// An empty tree.
    pub fn new() -> Tree {
        Tree::default()
    }

    /// Empties the tree and keeps its memory for the next buffer.
    pub fn clear(&mut self) {
        self.nodes.clear();
        self.open.clear();
        self.faults.clear();
        self.remarks.clear();
    }

    /// All nodes in pre-order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The nodes that have bits of their own: leaves and gaps.
    pub fn leaves(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|n| matches!(n.kind, Kind::Leaf | Kind::Gap))
    }

    /// The law that a tree over so many bytes keeps: leaves and gaps lie side by side and cover every bit, and groups
    /// enclose what is in them. Says where it does not.
    pub fn tiles(&self, bytes: usize) -> Result<(), String> {
        let mut at = 0;
        for leaf in self.leaves() {
            if leaf.bits.start != at {
                return Err(format!("{} begins at bit {}, not {at}", leaf.field.name, leaf.bits.start));
            }
            at = leaf.bits.end();
        }
        if at as usize != bytes * 8 {
            return Err(format!("the leaves end at bit {at} of {}", bytes * 8));
        }
        for (index, group) in self.nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::Group) {
            for inner in self.nodes.get(index + 1..group.end as usize).unwrap_or_default() {
                if inner.bits.start < group.bits.start || inner.bits.end() > group.bits.end() {
                    return Err(format!("{} reaches out of {}", inner.field.name, group.field.name));
                }
            }
        }
        Ok(())
    }

    /// The fault pinned on a node.
    pub fn fault(&self, node: usize) -> Option<Fault> {
        self.faults.iter().find(|(n, _)| *n as usize == node).map(|(_, fault)| *fault)
    }

    /// The first fault, wherever it is.
    pub fn first_fault(&self) -> Option<Fault> {
        self.faults.first().map(|(_, fault)| *fault)
    }

    /// What looked odd.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    fn push(&mut self, field: &'static Field, key: Option<Range>, bits: Bits, value: Value, kind: Kind) {
        let (end, depth) = (self.nodes.len() as u32 + 1, self.open.len() as u16);
        self.nodes.push(Node { field, key, bits, value, end, depth, kind });
    }

    fn top(&self) -> Option<&Node> {
        self.open.last().and_then(|&i| self.nodes.get(i as usize))
    }

    fn top_mut(&mut self) -> Option<&mut Node> {
        self.open.last().and_then(|&i| self.nodes.get_mut(i as usize))
    }
}

impl Annotate for Tree {
    fn leaf(&mut self, field: &'static Field, bits: Bits, value: Value) {
        self.push(field, None, bits, value, Kind::Leaf);
    }

    fn derived(&mut self, field: &'static Field, at: u32, value: Value) {
        self.push(field, None, Bits { start: at, len: 0 }, value, Kind::Derived);
    }

    fn open(&mut self, field: &'static Field, at: u32) {
        let index = self.nodes.len() as u32;
        self.push(field, None, Bits { start: at, len: 0 }, Value::None, Kind::Group);
        self.open.push(index);
    }

    fn open_member(&mut self, other: &'static Field, key: Range, name: &[u8], at: u32) {
        let field = self.top().and_then(|group| group.field.member(name)).unwrap_or(other);
        let index = self.nodes.len() as u32;
        self.push(field, Some(key), Bits { start: at, len: 0 }, Value::None, Kind::Group);
        self.open.push(index);
    }

    fn value(&mut self, value: Value) {
        if let Some(group) = self.top_mut() {
            group.value = value;
        }
    }

    fn close(&mut self, at: u32) {
        let end = self.nodes.len() as u32;
        if let Some(group) = self.top_mut() {
            group.bits.len = at.saturating_sub(group.bits.start);
            group.end = end;
        }
        self.open.pop();
    }

    fn fault(&mut self, fault: Fault) {
        // A fault climbs through every enclosing group; it is pinned on the innermost one only. It may have waited while
        // the groups after it were read, so it is looked for in all that the closing group encloses.
        let node = self.open.last().copied().unwrap_or_default();
        let mut inside = self.faults.iter().rev().take_while(|(pinned, _)| *pinned >= node);
        if !inside.any(|(_, pinned)| *pinned == fault) {
            self.faults.push((node, fault));
        }
    }

    fn gap(&mut self, bits: Bits, why: &'static str) {
        self.push(&GAP, None, bits, Value::Word(why), Kind::Gap);
    }

    fn remark(&mut self, remark: Remark) {
        self.remarks.push(remark);
    }
}
