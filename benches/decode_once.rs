//! Does one decoder serve both the fast path and the explanation?
//!
//! For three structures: a parser written by hand, the project's decoder with nobody listening (`Off`), and the same
//! decoder building a `Tree`. The design holds while `Off` stays within 1.5 times the hand-written parser without
//! allocating, and `Tree` within 10 times `Off`.

use divan::{Bencher, black_box};
use rtmpscope::field::{Annotate, Fault, Field, Reader, Tree};
use rtmpscope::wire::amf0;
use rtmpscope::wire::chunk::{BasicHeader, ChunkHeader};
use rtmpscope::wire::user::UserControl;

#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

const HEADERS: [&[u8]; 4] =
    [&[0x04, 0, 3, 0xe8, 0, 0, 0x0a, 8, 1, 0, 0, 0], &[0x46, 0, 0, 0x17, 0, 0, 0x0a, 9], &[0x84, 0, 0, 0x17], &[0xc4]];
const USER_CONTROL: &[u8] = &[0, 3, 0, 0, 0, 1, 0, 0, 0x0b, 0xb8];
/// The command object of an FFmpeg publisher.
const CONNECT: &[u8] = b"\x03\0\x03app\x02\0\x04live\0\x04type\x02\0\x0anonprivate\0\x08flashVer\x02\0\x24FMLE/3.0 (compatible; Lavf59.27.100)\0\x05tcUrl\x02\0\x1artmp://192.0.2.20:1935/live\0\0\x09";

static OBJECT: Field = Field::new("command_object", "what the client is and wants");

mod chunk_header {
    use super::*;

    struct Header {
        fmt: u8,
        csid: u32,
        timestamp: Option<u32>,
        length: Option<u32>,
        kind: Option<u8>,
        stream: Option<u32>,
    }

    fn by_hand(b: &[u8]) -> Option<Header> {
        let first = *b.first()?;
        let fmt = first >> 6;
        let (csid, b) = match first & 63 {
            0 => (64 + u32::from(*b.get(1)?), b.get(2..)?),
            1 => (64 + u32::from(*b.get(1)?) + 256 * u32::from(*b.get(2)?), b.get(3..)?),
            n => (u32::from(n), b.get(1..)?),
        };
        let mut header = Header { fmt, csid, timestamp: None, length: None, kind: None, stream: None };
        let mut used = 0;
        if fmt < 3 {
            let t = b.get(..3)?;
            header.timestamp = Some(u32::from_be_bytes([0, t[0], t[1], t[2]]));
            used = 3;
        }
        if fmt < 2 {
            let t = b.get(3..7)?;
            header.length = Some(u32::from_be_bytes([0, t[0], t[1], t[2]]));
            header.kind = Some(t[3]);
            used = 7;
        }
        if fmt == 0 {
            let t = b.get(7..11)?;
            header.stream = Some(u32::from_le_bytes([t[0], t[1], t[2], t[3]]));
            used = 11;
        }
        if header.timestamp == Some(0xff_ffff) {
            let t = b.get(used..used + 4)?;
            header.timestamp = Some(u32::from_be_bytes([t[0], t[1], t[2], t[3]]));
        }
        Some(header)
    }

    #[divan::bench]
    fn hand() -> u32 {
        let mut sum = 0;
        for bytes in black_box(HEADERS) {
            if let Some(h) = by_hand(bytes) {
                sum += u32::from(h.fmt) + h.csid + h.timestamp.unwrap_or(0) + h.length.unwrap_or(0);
                sum += u32::from(h.kind.unwrap_or(0)) + h.stream.unwrap_or(0);
            }
        }
        sum
    }

    #[divan::bench]
    fn off() -> u32 {
        let mut sum = 0;
        for bytes in black_box(HEADERS) {
            if let Ok(h) = ChunkHeader::read(&mut Reader::quiet(bytes), |_, _| false) {
                let BasicHeader { fmt, csid, .. } = h.basic;
                sum += u32::from(fmt) + csid + h.timestamp.unwrap_or(0) + h.length.unwrap_or(0);
                sum += h.message_type.map_or(0, |t| u32::from(t.0)) + h.stream_id.unwrap_or(0);
            }
        }
        sum
    }

    #[divan::bench]
    fn tree(bencher: Bencher) {
        let mut tree = Tree::new();
        bencher.bench_local(|| {
            for bytes in black_box(HEADERS) {
                tree.clear();
                let _ = black_box(ChunkHeader::read(&mut Reader::new(bytes, &mut tree), |_, _| false));
            }
            tree.nodes().len()
        });
    }
}

mod user_control {
    use super::*;

    #[divan::bench]
    fn hand() -> Option<(u16, u32, u32)> {
        let b = black_box(USER_CONTROL);
        let code = u16::from_be_bytes(*b.first_chunk()?);
        match code {
            0..=2 | 4 | 6 | 7 | 31 | 32 => Some((code, u32::from_be_bytes(*b.get(2..)?.first_chunk()?), 0)),
            3 => Some((
                code,
                u32::from_be_bytes(*b.get(2..)?.first_chunk()?),
                u32::from_be_bytes(*b.get(6..)?.first_chunk()?),
            )),
            _ => Some((code, 0, 0)),
        }
    }

    #[divan::bench]
    fn off() -> Result<UserControl, Fault> {
        UserControl::read(&mut Reader::quiet(black_box(USER_CONTROL)))
    }

    #[divan::bench]
    fn tree(bencher: Bencher) {
        let mut tree = Tree::new();
        bencher.bench_local(|| {
            tree.clear();
            let read = UserControl::read(&mut Reader::new(black_box(USER_CONTROL), &mut tree));
            (read.is_ok(), tree.nodes().len())
        });
    }
}

mod amf0_object {
    use super::*;

    /// What one would write by hand for bytes from strangers: a cursor, with nesting and number of values bounded.
    struct Cursor<'a> {
        bytes: &'a [u8],
        depth: u16,
        values: u32,
    }

    impl<'a> Cursor<'a> {
        fn take(&mut self, n: usize) -> Option<&'a [u8]> {
            let (taken, rest) = self.bytes.split_at_checked(n)?;
            self.bytes = rest;
            Some(taken)
        }

        fn text(&mut self) -> Option<&'a [u8]> {
            let len = u16::from_be_bytes(*self.take(2)?.first_chunk()?);
            self.take(usize::from(len))
        }

        fn value(&mut self) -> Option<f64> {
            self.values = self.values.checked_sub(1)?;
            match self.take(1)? {
                [0] => Some(f64::from_be_bytes(*self.take(8)?.first_chunk()?)),
                [1] => self.take(1).map(|_| 0.0),
                [2] => self.text().map(|text| text.len() as f64),
                [3] => self.object(),
                [5 | 6] => Some(0.0),
                _ => None,
            }
        }

        fn object(&mut self) -> Option<f64> {
            self.depth = self.depth.checked_sub(1)?;
            let mut sum = 0.0;
            while !self.bytes.starts_with(&[0, 0, 9]) {
                self.text()?;
                sum += self.value()?;
            }
            self.take(3)?;
            self.depth += 1;
            Some(sum)
        }
    }

    /// Adds up what it hears, so that the values are needed.
    #[derive(Default)]
    struct Sum(f64);

    impl rtmpscope::wire::value::Visitor for Sum {
        fn number(&mut self, n: f64) {
            self.0 += n;
        }
        fn string(&mut self, s: &[u8]) {
            self.0 += s.len() as f64;
        }
    }

    fn read<A: Annotate>(r: &mut Reader<'_, A>) -> Result<f64, Fault> {
        let mut sum = Sum::default();
        amf0::value(r, &OBJECT, &mut amf0::Scope::default(), &mut sum)?;
        Ok(sum.0)
    }

    #[divan::bench]
    fn hand() -> Option<f64> {
        Cursor { bytes: black_box(CONNECT), depth: 64, values: 100_000 }.value()
    }

    #[divan::bench]
    fn off() -> Result<f64, Fault> {
        read(&mut Reader::quiet(black_box(CONNECT)))
    }

    #[divan::bench]
    fn tree(bencher: Bencher) {
        let mut tree = Tree::new();
        bencher.bench_local(|| {
            tree.clear();
            let sum = read(&mut Reader::new(black_box(CONNECT), &mut tree));
            (sum.is_ok(), tree.nodes().len())
        });
    }
}
