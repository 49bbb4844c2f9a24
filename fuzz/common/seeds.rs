//! Seeds for every target, made from the captures of the samples folder.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use rtmpscope::diff::{Gather, Observed, Strict};
use rtmpscope::engine::{Control, Input, Settings, run};
use rtmpscope::limits::Limits;
use rtmpscope::net::{Capture, FlowId, FlowInfo, Flows, Receiver, Side};
use rtmpscope::out::json::{Bodies, Detail, Json, Options};
use rtmpscope::out::write_canonical;
use rtmpscope::query::ENTRIES;
use rtmpscope::record::Record;
use rtmpscope::session::Want;
use rtmpscope::stream::{Piece, Stamp};
use rtmpscope::time::Time;
use rtmpscope::view::Mask;
use rtmpscope::wire::code::Kind;

/// Seeds larger than this make fuzzing slow.
const MOST: usize = 4096;

/// Writes the seeds of all targets into the folder that SEEDS_INTO names, from the captures in SEEDS_FROM, and ends.
pub fn seeds_if_asked() {
    let (Some(into), Some(from)) = (std::env::var_os("SEEDS_INTO"), std::env::var_os("SEEDS_FROM")) else { return };
    let mut seeds = Seeds { into: into.into(), seen: HashMap::new() };
    let mut captures: Vec<PathBuf> = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    captures.retain(|path| path.to_string_lossy().contains(".pcap"));
    captures.sort();
    for path in &captures {
        seeds.capture(path);
    }
    seeds.operations();
    seeds.filters();
    std::process::exit(0);
}

struct Seeds {
    into: PathBuf,
    seen: HashMap<String, usize>,
}

impl Seeds {
    /// Writes one seed; `kind` says what it is an example of, of which `most` are enough.
    fn put(&mut self, target: &str, kind: &str, most: usize, bytes: &[u8]) {
        let count = self.seen.entry(format!("{target}-{kind}")).or_default();
        if *count < most && bytes.len() <= 2 * MOST {
            *count += 1;
            let folder = self.into.join(target);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("{kind}-{count}")), bytes).unwrap();
        }
    }

    /// An example of each name, and of what joins them.
    fn filters(&mut self) {
        let entries = ENTRIES.iter().flat_map(|table| table.iter());
        for (n, entry) in entries.enumerate() {
            self.put("filter", &format!("example-{n}"), 1, entry.example.as_bytes());
        }
        let whole = "kind == video && !(nals == idr) || command.object[\"app\"] =~ \"^l\" and time < 1.5s";
        self.put("filter", "joined", 1, whole.as_bytes());
    }

    fn capture(&mut self, path: &Path) {
        let name = path.file_stem().unwrap().to_string_lossy().replace('.', "-");
        let bytes = fs::read(path).unwrap();
        self.put("capture", &name, 1, &bytes[..bytes.len().min(MOST)]);
        self.frames(&bytes, &name);
        self.bodies(&bytes);
        self.export(&bytes, &name);
        self.golden(&bytes, &name);
    }

    /// Lanes of a capture as golden files, alone and against each other.
    fn golden(&mut self, bytes: &[u8], name: &str) {
        let mut strict = Strict::default();
        Strict::SWITCHES.iter().step_by(2).for_each(|switch| strict.set(switch).unwrap());
        let mut gather = Gather::new(strict);
        let input = Input::new(name.to_owned(), Box::new(std::io::Cursor::new(bytes.to_vec())));
        let mut start = Time::default();
        let mut sink = |record: Record| {
            if let Record::Source(source) = &record {
                start = source.start.unwrap_or_default();
            }
            Observed::of(&record, start, true).into_iter().for_each(|observed| gather.take(observed));
        };
        run(input, &Settings::new(Want::LITTLE), &mut sink, |_| Control::Continue).unwrap();
        let mut whole = gather.finish().0;
        whole.sessions.truncate(1);
        for session in &mut whole.sessions {
            session.lanes.iter_mut().for_each(|lane| lane.items.truncate(4));
            session.lanes.truncate(3);
        }
        let mut part = whole.clone();
        part.sessions.iter_mut().for_each(|session| _ = session.lanes.pop());
        let mut text = Vec::new();
        write_canonical(&mut text, &whole).unwrap();
        self.put("golden", &format!("{name}-one"), 1, &text);
        text.push(0);
        write_canonical(&mut text, &part).unwrap();
        self.put("golden", name, 1, &text);
    }

    /// The first events of a capture.
    fn export(&mut self, bytes: &[u8], name: &str) {
        let options = Options { detail: Detail::Messages, bodies: Bodies::None, array: false, live: false };
        let mut json = Json::new(Vec::new(), options, Mask::new(true));
        let input = Input::new(name.to_owned(), Box::new(std::io::Cursor::new(bytes.to_vec())));
        run(input, &Settings::new(Want::LITTLE), &mut json, |_| Control::Continue).unwrap();
        let text = json.finish().unwrap();
        let end = text.iter().enumerate().filter(|(n, byte)| **byte == b'\n' && *n < MOST).last().map_or(0, |(n, _)| n);
        self.put("reader", name, 1, &text[..end]);
    }

    fn frames(&mut self, bytes: &[u8], name: &str) {
        let limits = Limits::default();
        let mut capture = Capture::open(Box::new(std::io::Cursor::new(bytes.to_vec())), name, &limits).unwrap();
        let (mut flows, mut scripts) = (Flows::new(&limits), Scripts::default());
        while let Some(packet) = capture.next().unwrap() {
            let mut frame = packet.link.0.to_be_bytes().to_vec();
            frame.push(0);
            frame.extend(&packet.data[..packet.data.len().min(200)]);
            self.put("frames", &format!("{name}-{}", packet.link.0), 4, &frame);
            flows.push(&packet, &mut scripts);
        }
        flows.finish(&mut scripts);
        let mut all: Vec<_> = scripts.0.into_iter().collect();
        all.sort_by_key(|(flow, _)| *flow);
        for (_, (with, without)) in all {
            for target in ["session", "events"] {
                self.put(target, name, 6, &with);
                self.put(target, name, 6, &without);
            }
            self.put("late", name, 4, &without);
        }
    }

    fn bodies(&mut self, bytes: &[u8]) {
        let reader = Box::new(std::io::Cursor::new(bytes.to_vec()));
        let input = Input::new("sample".to_owned(), reader);
        let mut sink = |record: Record| match record {
            Record::Handshake(h) => {
                let second = matches!(h.step, rtmpscope::record::Step::Second { .. });
                let mut seed = vec![u8::from(second)];
                seed.extend(&h.bytes);
                self.put("handshake", if second { "second" } else { "first" }, 8, &seed);
            }
            Record::Message(m) => {
                let ty = m.head.message_type;
                let mut seed = vec![ty.0, 0];
                seed.extend(&m.body.bytes()[..m.body.bytes().len().min(600)]);
                let most = if ty.kind().is_media() { 60 } else { 20 };
                self.put("body", &format!("{}-{}", ty.0, m.body.bytes().len().min(600).ilog2_or_0()), most, &seed);
                if ty.kind() == Kind::Command {
                    self.put("amf0", "command", 40, m.body.bytes());
                } else if ty.kind() == Kind::Data {
                    self.put("amf0", "data", 20, m.body.bytes());
                }
                for part in &m.parts {
                    let mut seed = vec![u8::from(part.repeats_extended)];
                    seed.extend(part.header());
                    self.put("chunk_header", &format!("{}", part.header().len()), 3, &seed);
                }
            }
            _ => {}
        };
        let _ = run(input, &Settings::new(Want::ALL), &mut sink, |_| Control::Continue);
    }

    /// Segments in order, late, twice and never.
    fn operations(&mut self) {
        let plain =
            [[0x11, 0, 0, 0], [0x92, 0, 0, 0], [0x20, 1, 0, 9], [0x20, 10, 0, 30], [0xa0, 1, 0, 40], [0x28, 40, 0, 0]];
        let late = [[0x11, 0, 0, 0], [0x20, 20, 0, 10], [0x20, 1, 0, 19], [0x20, 5, 0, 60], [0x28, 65, 0, 0]];
        self.put("assembler", "plain", 1, plain.as_flattened());
        self.put("assembler", "late", 1, late.as_flattened());
        self.put("assembler", "both", 1, &[plain.as_flattened(), late.as_flattened()].concat());
    }
}

trait Log {
    fn ilog2_or_0(self) -> u32;
}

impl Log for usize {
    fn ilog2_or_0(self) -> u32 {
        self.checked_ilog2().unwrap_or_default()
    }
}

/// The connections of a capture as scripts: with their handshake, and with the handshake left to the target.
#[derive(Default)]
struct Scripts(HashMap<FlowId, (Vec<u8>, Vec<u8>)>, HashMap<(FlowId, Side), usize>);

impl Receiver for Scripts {
    fn opened(&mut self, flow: FlowId, _: &FlowInfo) {
        self.0.insert(flow, (vec![0], vec![1]));
    }

    fn piece(&mut self, flow: FlowId, side: Side, _: Stamp, piece: Piece<'_>) {
        let Some((with, without)) = self.0.get_mut(&flow) else { return };
        let dir = if side == Side::A { 0 } else { 0x80 };
        match piece {
            Piece::Data(bytes) => {
                let seen = self.1.entry((flow, side)).or_default();
                let shake = (1 + 2 * 1536usize).saturating_sub(*seen).min(bytes.len());
                *seen += bytes.len();
                step(with, dir, bytes, 2 * MOST);
                step(without, dir, &bytes[shake..], 1024);
            }
            Piece::Gap(missing, _) => {
                let missing = (missing as u16).to_le_bytes();
                with.extend([dir | 0x40, missing[0], missing[1]]);
                without.extend([dir | 0x40, missing[0], missing[1]]);
            }
            Piece::End(_) => {
                with.extend([dir | 0x70, 0, 0]);
                without.extend([dir | 0x70, 0, 0]);
            }
        }
    }

    fn closed(&mut self, _: FlowId) {}
}

fn step(script: &mut Vec<u8>, dir: u8, bytes: &[u8], most: usize) {
    if bytes.is_empty() || script.len() + bytes.len() + 3 > most {
        return;
    }
    script.push(dir);
    script.extend((bytes.len() as u16).to_le_bytes());
    script.extend(bytes);
}
