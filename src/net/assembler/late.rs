//! Bytes that arrived ahead of their turn: copied, ordered, without overlaps. What came first stays.

use std::collections::BTreeMap;

use crate::stream::Stamp;

/// What keeping a chunk costs besides its bytes; a flood of one-byte segments must not escape the caps.
const OVERHEAD: usize = 128;

/// Chunks by position. Serves TCP streams and IP datagrams alike.
#[derive(Clone, Debug, Default)]
pub(in crate::net) struct Late {
    chunks: BTreeMap<u64, Chunk>,
    cost: usize,
    covered: u64,
}

/// Bytes at some position, followed by bytes that the capture cut off.
#[derive(Clone, Debug)]
pub(in crate::net) struct Chunk {
    pub(in crate::net) data: Box<[u8]>,
    pub(in crate::net) cut: u64,
    pub(in crate::net) stamp: Stamp,
    /// Packets of the flow that had been seen when it came.
    pub(in crate::net) arrived: u64,
}

impl Chunk {
    pub(in crate::net) fn len(&self) -> u64 {
        self.data.len() as u64 + self.cut
    }

    fn cost(&self) -> usize {
        self.data.len() + OVERHEAD
    }
}

/// Bytes to be kept, as they lie in a captured frame.
#[derive(Clone, Copy, Debug)]
pub(in crate::net) struct Bytes<'a> {
    pub(in crate::net) data: &'a [u8],
    pub(in crate::net) cut: u64,
    pub(in crate::net) stamp: Stamp,
}

impl<'a> Bytes<'a> {
    pub(in crate::net) fn len(&self) -> u64 {
        self.data.len() as u64 + self.cut
    }

    /// The part from `from` up to `to`, counted from the first byte.
    pub(in crate::net) fn part(self, from: u64, to: u64) -> Bytes<'a> {
        let captured = self.data.len() as u64;
        let data = self.data.get(from.min(captured) as usize..to.min(captured) as usize).unwrap_or_default();
        let mut stamp = self.stamp;
        stamp.frame_offset = stamp.frame_offset.saturating_add(u32::try_from(from).unwrap_or(u32::MAX));
        Bytes { data, cut: to.saturating_sub(from) - data.len() as u64, stamp }
    }
}

impl Late {
    /// Keeps what is new of `bytes`. Returns how many bytes there were already, and how many of them differ.
    pub(in crate::net) fn insert(&mut self, start: u64, bytes: Bytes<'_>, arrived: u64) -> (u64, u64) {
        let end = start + bytes.len();
        let (mut known, mut conflicting) = (0, 0);
        let mut at = start;
        while at < end {
            let part = |to: u64| bytes.part(at - start, to - start);
            let before = self.chunks.range(..=at).next_back();
            if let Some((&from, chunk)) = before.filter(|(from, chunk)| *from + chunk.len() > at) {
                let to = end.min(from + chunk.len());
                let kept = chunk.data.get((at - from) as usize..).unwrap_or_default();
                conflicting += kept.iter().zip(part(to).data).filter(|(a, b)| a != b).count() as u64;
                known += to - at;
                at = to;
                continue;
            }
            let to = self.chunks.range(at..end).next().map_or(end, |(&from, _)| from);
            let new = part(to);
            let chunk = Chunk { data: new.data.into(), cut: new.cut, stamp: new.stamp, arrived };
            self.cost += chunk.cost();
            self.covered += chunk.len();
            self.chunks.insert(at, chunk);
            at = to;
        }
        (known, conflicting)
    }

    /// Position and arrival of the first chunk.
    pub(in crate::net) fn first(&self) -> Option<(u64, &Chunk)> {
        self.chunks.first_key_value().map(|(&at, chunk)| (at, chunk))
    }

    /// Takes out the first chunk.
    pub(in crate::net) fn pop(&mut self) -> Option<(u64, Chunk)> {
        let (at, chunk) = self.chunks.pop_first()?;
        self.cost -= chunk.cost();
        self.covered -= chunk.len();
        Some((at, chunk))
    }

    /// Memory held, roughly.
    pub(in crate::net) fn cost(&self) -> usize {
        self.cost
    }

    /// Bytes held or known to be cut, all chunks together.
    pub(in crate::net) fn covered(&self) -> u64 {
        self.covered
    }

    /// The end of the chunks, if they begin at 0 and leave no hole.
    pub(in crate::net) fn whole(&self) -> Option<u64> {
        self.chunks.iter().try_fold(0, |end, (&at, chunk)| (at == end).then(|| at + chunk.len()))
    }

    /// All chunks in order.
    pub(in crate::net) fn into_chunks(self) -> impl Iterator<Item = (u64, Chunk)> {
        self.chunks.into_iter()
    }
}
