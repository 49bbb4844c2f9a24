//! The terminal app without a terminal: what keys do, what panes show, and one story through all of it.

mod common;

use common::samples_dir;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Modifier;
use rtmpscope::engine::{Control, Input, MediaBody, Place, Settings, Trail, Want, run};
use rtmpscope::limits::Limits;
use rtmpscope::record::Record;
use rtmpscope::tui::{
    Depth, Effect, Focus, Key, Keymap, Load, Model, Mouse, Msg, Overlay, Screen, Signal, Theme, update, view,
};
use rtmpscope::view::index::{Indexer, Item, Scope};
use rtmpscope::view::inspect::{Inspection, Origin, Subject};
use rtmpscope::view::sheet::Packet;

/// The app over a sample, with wishes answered at once.
struct App {
    model: Model,
    indexer: Indexer,
    trail: Trail,
    effects: Vec<Effect>,
}

impl App {
    fn open(file: &str, size: (u16, u16)) -> App {
        App::within(&Limits::default(), file, size)
    }

    /// The same with other caps.
    fn within(limits: &Limits, file: &str, size: (u16, u16)) -> App {
        let path = samples_dir().join(file);
        let trail = Trail::new(&path);
        let mut indexer = Indexer::within(limits);
        let settings = Settings { pair_replies: false, trail: Some(trail.clone()), ..Settings::new(Want::LITTLE) };
        let mut sink = |record: Record| rtmpscope::record::Sink::take(&mut indexer, record);
        run(Input::open(&path).unwrap(), &settings, &mut sink, |_| Control::Continue).unwrap();
        let mut model = Model::new(file, Theme::default(), Keymap::default(), size);
        let batch = indexer.take_batch(true);
        update(&mut model, Msg::Batch(Box::new(batch)));
        update(&mut model, Msg::Ended(None));
        let mut app = App { model, indexer, trail, effects: Vec::new() };
        app.settle();
        app
    }

    /// Presses keys, written as the help writes them.
    fn keys(&mut self, keys: &str) -> &mut App {
        for key in keys.split(' ') {
            self.key(Key::parse(key).unwrap_or_else(|| panic!("{key}")));
        }
        self
    }

    fn typed(&mut self, text: &str) -> &mut App {
        text.chars().for_each(|c| self.key(Key::char(c)));
        self
    }

    fn key(&mut self, key: Key) {
        let effect = update(&mut self.model, Msg::Key(key));
        if let Some(Effect::Contrast(sessions)) = effect {
            let found = self.contrast(sessions);
            update(&mut self.model, Msg::Contrasted(sessions, found));
        }
        self.effects.extend(effect);
        self.settle();
    }

    fn settle(&mut self) {
        for _ in 0..20 {
            while self.model.is_busy() {
                update(&mut self.model, Msg::Tick);
            }
            let wants = self.model.wants();
            if let Some((session, _)) = wants.story {
                let lines = [self.indexer.story(session, false), self.indexer.story(session, true)];
                update(&mut self.model, Msg::Story(session, lines));
            }
            if let Some(search) = wants.reading {
                self.search(search);
            }
            let Some(wish) = wants.message else { return };
            let place = Place { session: wish.session, seq: wish.seq, packet: u64::from(wish.packet) };
            let subject = match wish.item {
                Item::Message(_) => Subject::Message(self.trail.message(place, &Limits::default(), || true).unwrap()),
                Item::Note(_) => {
                    Subject::Handshake(self.trail.handshake(wish.session, wish.seq, &Limits::default()).unwrap())
                }
            };
            if wants.packets {
                let numbers = subject.packets();
                let frames = self.trail.frames(&numbers, &Limits::default()).into_iter();
                let packets =
                    frames.map(|frame| Packet { number: frame.packet, time: String::new(), bytes: frame.bytes.into() });
                update(&mut self.model, Msg::Packets(wish.item, packets.collect()));
            } else {
                let start = self.model.index.start();
                let found = match subject {
                    Subject::Message(message) => Inspection::new(message, self.indexer.mask(), start),
                    Subject::Handshake(handshake) => Inspection::of_handshake(handshake, start),
                };
                update(&mut self.model, Msg::Inspected(wish.item, Some(Box::new(found))));
            }
        }
        panic!("wishes never end: {:?}", self.model.wants());
    }

    /// What the thread that reads the capture for two sessions does.
    fn contrast(&mut self, sessions: [u32; 2]) -> Result<Box<rtmpscope::diff::Report>, String> {
        use rtmpscope::diff::{Gather, Observed, Rules, Strict, compare_sessions};
        let (start, mut gather) = (self.model.index.start(), Gather::new(Strict::default()));
        let mut sink = |record: Record| {
            if let Some(observed) = Observed::of(&record, start, false) {
                gather.take(observed);
            }
        };
        let input = Input::new(String::new(), self.trail.whole().unwrap());
        run(input, &Settings::new(Want::LITTLE), &mut sink, |_| Control::Continue).unwrap();
        let (canonical, _) = gather.finish();
        let [a, b] = sessions.map(|n| canonical.sessions.iter().find(|session| session.number == n).unwrap());
        Ok(Box::new(compare_sessions(a, b, &Rules::default())))
    }

    /// What the thread that reads the capture for a filter does.
    fn search(&mut self, search: u64) {
        let text = self.model.filter.as_ref().unwrap().text().to_owned();
        let filter = rtmpscope::query::Filter::new(&text).unwrap();
        let (start, mut hits, mut asked) = (self.model.index.start(), Vec::new(), 0);
        let mut sink = |record: Record| {
            if let Record::Message(message) = record {
                asked += 1;
                if filter.matches_message(&message, start) {
                    hits.push((message.session, message.seq));
                }
            }
        };
        let reader = self.trail.whole().unwrap();
        let input = Input::new(String::new(), reader);
        let settings = Settings::new(Want { media: MediaBody::Whole, origin: false });
        run(input, &settings, &mut sink, |_| Control::Continue).unwrap();
        update(&mut self.model, Msg::Hits(search, hits, asked, true));
    }

    fn drawn(&self) -> TestBackend {
        let (columns, rows) = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view(&self.model, frame)).unwrap();
        terminal.backend().clone()
    }

    /// The screen as text, without what pads its lines.
    fn screen(&self) -> String {
        let drawn = self.drawn();
        let width = usize::from(self.model.size.0);
        let lines = drawn.buffer().content().chunks(width).map(|line| {
            let line: String = line.iter().map(|cell| cell.symbol()).collect();
            line.trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What the status line says, or both of its lines.
    fn status(&self) -> String {
        let (screen, area) = (self.screen(), self.model.panes().status);
        let lines = screen.lines().skip(usize::from(area.y)).take(usize::from(area.height));
        lines.map(str::trim_end).collect::<Vec<_>>().join(" ").trim_end().to_owned()
    }

    fn says(&self, text: &str) -> bool {
        self.screen().contains(text)
    }
}

const PUBLISH: &str = "pub-ffmpeg5-2s-nginx.pcap";
const REFUSED: &str = "auth-failures-nginx.pcap";

/// What people come for, the sample in which they find it, the keys from the first screen on, and what they see then.
const TASKS: [(&str, &str, &str, &str); 6] = [
    (
        "why a publish was refused",
        REFUSED,
        "e e",
        "publish refused: NetStream.Publish.BadName (the stream name is in use",
    ),
    (
        "the bytes of a wrong timestamp",
        "c-ext-timestamps.pcap",
        "Enter J",
        "the timestamp jumps: 16777217 -> 2147483647",
    ),
    ("the packet that carried it", "c-ext-timestamps.pcap", "Enter J Tab", ", packet 3"),
    (
        "where audio and video drift apart",
        "pub-obs29-h264-aac-nginx.pcap",
        "4 e",
        "ms ahead of video here: Enter shows",
    ),
    ("two connects side by side", REFUSED, "Enter Space q j Enter Space d", "message 2.1"),
    ("two sessions side by side", REFUSED, "Space Space d", "B: session 2"),
];

#[test]
fn what_people_come_for_takes_few_keys_at_any_size() {
    for size in [(60, 15), (80, 24), (120, 40), (200, 60)] {
        for (what, file, keys, seen) in TASKS {
            let mut app = App::open(file, size);
            app.keys(keys);
            // Where it is narrow, as much of it as there is room for.
            let part: String = seen.chars().take(usize::from(size.0).min(seen.len()) - 2).collect();
            assert!(app.says(&part), "{what} at {size:?}:\n{}", app.screen());
            assert!(keys.split(' ').count() < 12);
        }
    }
}

#[test]
fn panes_at_the_usual_size() {
    let mut app = App::open(PUBLISH, (80, 24));
    insta::assert_snapshot!("sessions_80x24", app.screen());
    app.keys("Enter Tab j j j");
    insta::assert_snapshot!("messages_80x24", app.screen());
    app.keys("b Tab l l");
    insta::assert_snapshot!("chunks_80x24", app.screen());
    app.keys("3");
    insta::assert_snapshot!("ladder_80x24", app.screen());
    app.keys("4");
    insta::assert_snapshot!("stats_80x24", app.screen());
    app.keys("?").typed("gap");
    insta::assert_snapshot!("help_80x24", app.screen());
}

#[test]
fn panes_of_a_large_terminal() {
    let mut app = App::open(REFUSED, (120, 40));
    insta::assert_snapshot!("sessions_120x40", app.screen());
    app.keys("5");
    insta::assert_snapshot!("log_120x40", app.screen());
    app.keys("Enter b b");
    insta::assert_snapshot!("packets_120x40", app.screen());
    app.keys("Space : 1 Enter Space").typed("d");
    insta::assert_snapshot!("compare_120x40", app.screen());
}

#[test]
fn panes_of_a_small_terminal_in_ascii_and_monochrome() {
    let mut app = App::open(REFUSED, (60, 15));
    app.model.theme = Theme { depth: Depth::Mono, ascii: true, ..Theme::default() };
    insta::assert_snapshot!("sessions_60x15_ascii", app.screen());
    app.keys("Enter /").typed("kind == comand");
    insta::assert_snapshot!("filter_60x15_ascii", app.screen());
    app.keys("Esc Tab Tab");
    insta::assert_snapshot!("bytes_60x15_ascii", app.screen());
    app.keys("3");
    insta::assert_snapshot!("ladder_60x15_ascii", app.screen());
    for screen in ["1", "2", "3", "4", "5", "?", "Esc", ":", "Esc", "2", "z", "y"] {
        app.keys(screen);
        let drawn = app.drawn();
        for cell in drawn.buffer().content() {
            assert!(cell.symbol().is_ascii(), "{screen}: {:?}", cell.symbol());
            assert_eq!((cell.fg, cell.bg), Default::default(), "{screen}");
        }
    }
}

/// What somebody does who wants to know why a publish failed, and where its bytes were.
#[test]
fn a_story_through_the_whole_app() {
    let mut app = App::open(REFUSED, (120, 40));
    assert!(app.says("9 sessions, 160 messages"));
    // The next problem, then what it is about.
    app.keys("e");
    assert!(app.says("play refused: NetStream.Play.StreamNotFound"), "{}", app.screen());
    assert!(app.says("message 6.12"), "{}", app.screen());
    // Tree and bytes are linked, and the status line leads to the packet.
    app.keys("Tab /").typed("StreamNotFound").keys("Enter");
    assert!(app.says("code  \"NetStream.Play.StreamNotFound\""), "{}", app.screen());
    let status = app.status();
    assert!(status.contains("of the body: stream") && status.contains(", packet "), "{status}");
    // The bytes that are linked are those of the field.
    let target = app.model.detail.target();
    let bytes: Vec<u8> = app.model.detail.sheet.cells().filter(|(_, o)| target.covers(*o)).map(|(b, _)| b).collect();
    assert!(bytes.windows(29).any(|window| window == b"NetStream.Play.StreamNotFound"));
    // Narrowed to what is alike; back and forth.
    app.keys("+");
    assert!(app.says("match"), "{}", app.screen());
    assert!(app.model.list_len() >= 1);
    app.keys("Esc Esc");
    assert!(app.model.filter.is_none(), "{}", app.screen());
    // By number, to the reply of a call and back, by time.
    app.keys(":").typed("7.1").keys("Enter %");
    assert!(app.says("the reply, after"), "{}", app.screen());
    app.keys("%");
    assert!(app.says("the call, answered after"), "{}", app.screen());
    app.keys(":").typed("@0.6s").keys("Enter");
    let time = app.model.index.time(app.model.selected_item().unwrap()).unwrap();
    assert!(time.since(app.model.index.start()).seconds() >= 0.6);
    // Secrets are shown on demand only, everywhere.
    app.keys(":").typed("7.1").keys("Enter");
    app.keys("/").typed("command.name == publish").keys("Enter");
    assert!(app.says("****") && !app.says("SECRETS SHOWN"), "{}", app.screen());
    app.keys("p");
    assert!(!app.screen().lines().nth(2).unwrap().contains("****") && app.says("SECRETS SHOWN"), "{}", app.screen());
    app.keys("p");
    // Copying is an effect; quitting too.
    app.keys("y l");
    assert!(matches!(app.effects.last(), Some(Effect::Copy(text)) if text.contains("publish ****")));
    app.keys("Q");
    assert_eq!(app.effects.last(), Some(&Effect::Quit));
}

#[test]
fn a_filter_narrows_while_it_loads_and_asks_the_capture_where_the_index_does_not_know() {
    let mut app = App::open(PUBLISH, (120, 40));
    app.keys("2 /").typed("kind == video && video.keyframe").keys("Enter");
    assert_eq!(app.model.list_len(), 2, "{}", app.screen());
    // Units of pictures are told by whole bodies only.
    app.keys("/ Ctrl-u").typed("nals == idr").keys("Enter");
    assert_eq!(app.model.list_len(), 2, "{}", app.screen());
    assert_eq!(app.model.wants().reading, None);
    // What does not match, says so; what is no filter, says why and stays to be mended.
    app.keys("/ Ctrl-u").typed("command.name == nothing").keys("Enter");
    assert!(app.says("0 of 159 match; never true: command.name == nothing"), "{}", app.screen());
    app.keys("/ Ctrl-u").typed("kind == vidoe").keys("Enter");
    assert!(app.says("did you mean video"), "{}", app.screen());
    assert!(matches!(&app.model.overlay, Overlay::Prompt(prompt) if prompt.text == "kind == vidoe"));
    // History and completion.
    app.keys("Ctrl-u Up");
    assert!(app.says("filter: kind == vidoe"), "{}", app.screen());
    app.keys("Ctrl-u").typed("ki").keys("Tab Enter");
    assert!(app.says("filter: kind"), "{}", app.screen());
    app.keys("Esc Esc");
    assert!(app.model.filter.is_none());
    assert_eq!(app.model.list_len(), app.model.index.len(Scope::All));
}

#[test]
fn a_selection_in_one_pane_is_the_selection_in_the_others() {
    let mut app = App::open(PUBLISH, (120, 40));
    app.keys("Enter :").typed("1").keys("Enter Tab Tab");
    assert_eq!(app.model.focus, Focus::Bytes);
    // Every byte belongs to the row that is selected with it, in both layouts that have bytes of the message only.
    for layout in 0..2 {
        app.keys("g");
        for _ in 0..app.model.detail.sheet.len() {
            let origin = app.model.detail.origin().unwrap();
            let row = app.model.detail.selected().unwrap();
            let target = app.model.detail.rows(false)[row].target;
            assert!(target.covers(origin), "{layout}: {origin:?} {:?}", app.model.detail.rows(false)[row]);
            app.keys("l");
        }
        app.keys("b");
    }
    // And every row of the tree selects its first byte.
    app.keys("Shift-Tab g");
    for _ in 0..app.model.detail.visible.len() {
        if let Some(first) = app.model.detail.target().first() {
            assert_eq!(app.model.detail.origin(), Some(first));
        }
        app.keys("j");
    }
}

/// Where the timestamp of a message stands, and the packet that carried it: in eleven keys.
#[test]
fn the_byte_of_a_timestamp_is_found() {
    let mut app = App::open(PUBLISH, (80, 24));
    app.keys("2 : 2 0 Enter Tab / t i m Enter");
    assert!(app.says("timestamp"), "{}", app.screen());
    let status = app.status();
    assert!(status.contains("of the header of chunk 1: stream ") && status.contains("packet "), "{status}");
    // Chunk 1 is of form 1 or 2: its delta stands in the three bytes behind the basic header.
    let target = app.model.detail.target();
    let linked = app.model.detail.sheet.cells().filter(|(_, origin)| target.covers(*origin)).count();
    assert_eq!(linked, 3, "{status}");
}

#[test]
fn what_an_index_has_no_room_for_is_read_again_and_said() {
    let limits = Limits { meant_bytes: 4 << 10, said_bytes: 5 << 10, ..Limits::default() };
    let mut app = App::within(&limits, REFUSED, (120, 40));
    let mut whole = App::open(REFUSED, (120, 40));
    for app in [&mut app, &mut whole] {
        app.keys("2 /").typed("command.name == publish").keys("Enter");
    }
    assert!(app.model.filter.as_ref().unwrap().reads() && !whole.model.filter.as_ref().unwrap().reads());
    assert_eq!(app.model.filter.as_ref().unwrap().rows(), whole.model.filter.as_ref().unwrap().rows());
    assert_eq!(whole.model.list_len(), 4);
    app.keys("5");
    assert!(app.says("from here on filters read the capture again"), "{}", app.screen());
    assert!(app.says("from here on messages are told by their columns only"), "{}", app.screen());
}

/// A timestamp that jumps, its bytes and the packet that carried them: two keys from the list of sessions.
#[test]
fn a_wrong_timestamp_is_one_key_away() {
    let mut app = App::open("c-ext-timestamps.pcap", (120, 40));
    app.keys("Enter J");
    assert!(app.says("the timestamp jumps: 16777217 -> 2147483647 ms, only 0.25 ms later"), "{}", app.screen());
    assert_eq!(app.model.selected_message(), app.model.index.row(1, 18));
    let target = app.model.detail.target();
    let linked = app.model.detail.sheet.cells().filter(|(_, origin)| target.covers(*origin));
    assert_eq!(linked.map(|(byte, _)| byte).collect::<Vec<u8>>(), 2_147_483_647_u32.to_be_bytes());
    app.keys("Tab");
    let status = app.status();
    assert!(status.starts_with("header byte ") && status.contains(", packet "), "{status}");
    // On to the next and back; where none is odd, that is said.
    app.keys("J");
    let next = app.model.selected_message();
    assert!(next > app.model.index.row(1, 18));
    app.keys("K");
    assert_eq!(app.model.selected_message(), app.model.index.row(1, 18));
    let mut sound = App::open(PUBLISH, (120, 40));
    sound.keys("Enter J");
    assert!(sound.says("no timestamp runs backwards or jumps here"), "{}", sound.screen());
}

#[test]
fn the_ladder_joins_calls_and_replies_and_speaks_of_time_as_the_list_does() {
    let mut app = App::open(PUBLISH, (120, 40));
    app.keys("Enter 3 :").typed("partner").keys("Enter");
    let rung = |app: &App| app.model.ladder.rows()[app.model.rung.at].item;
    let Item::Message(reply) = rung(&app) else { panic!("{}", app.screen()) };
    assert!(app.model.index.text(reply, false).starts_with("_result to connect"), "{}", app.screen());
    let lines: Vec<String> = app.screen().lines().map(str::to_owned).collect();
    let line = |text: &str| lines.iter().position(|line| line.contains(text)).unwrap();
    let (call, answer) = (line("#1 connect"), line("_result to connect"));
    assert!(lines[call].contains('╭') && lines[answer].contains('╰'), "{}", app.screen());
    assert!(lines[call + 1..answer].iter().all(|line| line.contains('│')), "{}", app.screen());
    // The column says what it says in the list.
    app.keys("t t");
    assert!(app.screen().lines().nth(1).unwrap().contains("delta"), "{}", app.screen());
    app.keys("t");
    assert!(app.screen().lines().nth(1).unwrap().contains("RTMP ms"), "{}", app.screen());
}

/// The session that was looked at is the one that every screen shows.
#[test]
fn screens_stay_with_the_session_that_was_looked_at() {
    let mut app = App::open(REFUSED, (120, 40));
    app.keys(":").typed("7.20").keys("Enter 4");
    assert_eq!(app.model.series.session, 7, "{}", app.screen());
    app.keys("3");
    assert_eq!(app.model.ladder_sessions(), [7]);
    app.keys("1");
    assert_eq!(app.model.session(), Some(7));
}

/// Every packet of the handshake is opened up, field by field, with its bytes.
#[test]
fn handshakes_are_opened_up() {
    let mut app = App::open(PUBLISH, (120, 40));
    app.keys("Enter g j");
    assert!(app.says("tree  handshake c0c1 of session 1") && app.says("bytes of the handshake"), "{}", app.screen());
    assert!(app.says("c0_version") || app.says("version"), "{}", app.screen());
    assert_eq!(app.model.detail.sheet.len(), 1537);
    app.keys("Tab j j Tab");
    let status = app.status();
    assert!(status.starts_with("byte ") && status.contains("of the handshake: stream "), "{status}");
    // The first 1448 bytes came in packet 4, the others in packet 6, each behind 66 bytes of headers (tshark).
    assert!(status.contains("stream 5, packet 4 at 71"), "{status}");
    app.keys("G");
    let status = app.status();
    assert!(status.starts_with("byte 1536 of the handshake: stream 1536, packet 6 at 154"), "{status}");
    app.keys("b b");
    let own = app.model.detail.sheet.cells().map(|(_, origin)| origin != Origin::Foreign);
    let expected = [(66, false), (1448, true), (66, false), (89, true)];
    assert!(own.eq(expected.into_iter().flat_map(|(n, own)| std::iter::repeat_n(own, n))), "{}", app.screen());
    app.keys("b g");
    // All four, in order, each as many bytes as it has; and the captured packets.
    for (part, len) in [("s0s1", 1537), ("s2", 1536), ("c2", 1536)] {
        app.keys("Esc j Tab Tab");
        assert!(app.says(&format!("handshake {part} of session 1")), "{}", app.screen());
        assert_eq!(app.model.detail.sheet.len(), len);
    }
    app.keys("b b");
    assert!(app.says("captured packets") && app.says("packet "), "{}", app.screen());
    // It is no message: nothing is offered that needs one.
    app.keys("y");
    assert!(!app.says("the message as JSON"), "{}", app.screen());
}

/// Two marked sessions with what differs between them, its values, and the messages that state a value.
#[test]
fn two_sessions_are_compared_in_three_keys() {
    let mut app = App::open(REFUSED, (120, 40));
    app.keys("j j j j j j Space Space d");
    assert_eq!(app.effects.last(), Some(&Effect::Contrast([7, 8])));
    insta::assert_snapshot!("sessions_compared_120x40", app.screen());
    // What lies below does not shine through.
    let (drawn, rows) = (app.drawn(), app.model.contrast.as_ref().unwrap().rows().len() as u16);
    let cells = (3..2 + rows).flat_map(|y| (0..120).map(move |x| (x, y)));
    let shines = |at: &(u16, u16)| drawn.buffer()[*at].modifier.intersects(Modifier::REVERSED | Modifier::BOLD);
    assert_eq!(cells.filter(shines).count(), 0);
    // Folding hides values and shows them again.
    let rows = app.model.contrast.as_ref().unwrap().rows().len();
    app.keys("h");
    assert!(app.model.contrast.as_ref().unwrap().rows().len() < rows);
    app.keys("Enter");
    assert_eq!(app.model.contrast.as_ref().unwrap().rows().len(), rows);
    // The answers to both publishes, side by side, and back.
    app.keys("j");
    while !(app.status().contains("NetStream.Publish.BadName") && app.status().ends_with("(8.12)")) {
        let at = app.model.contrast.as_ref().unwrap().cursor.at;
        app.keys("j");
        assert_ne!(app.model.contrast.as_ref().unwrap().cursor.at, at, "{}", app.screen());
    }
    app.keys("Enter");
    assert!(app.says("message 7.12") && app.says("message 8.12"), "{}", app.screen());
    app.keys("Esc");
    assert!(app.model.comparison.is_none() && app.model.contrast.is_some());
    app.keys("Esc");
    assert!(app.model.contrast.is_none());
    // Of three nobody knows which two.
    app.keys("g Space d");
    assert!(app.says("3 sessions are marked: two can be compared"), "{}", app.screen());
}

#[test]
fn linked_bytes_stand_out_without_colour() {
    let mut app = App::open(PUBLISH, (120, 40));
    app.model.theme = Theme { depth: Depth::Mono, ..Theme::default() };
    app.keys("Enter :").typed("1").keys("Enter Tab j");
    let (drawn, pane) = (app.drawn(), app.model.panes().bytes);
    let reversed = (pane.y + 1..pane.bottom()).flat_map(|y| (pane.x..pane.right()).map(move |x| (x, y)));
    let reversed = reversed.filter(|at| drawn.buffer()[*at].modifier.contains(Modifier::REVERSED)).count();
    // Ten bytes of "connect" with marker and length: two digits each with a space between, and their characters.
    assert_eq!(reversed, 10 * 2 + 8 + 10);
}

#[test]
fn following_ends_when_the_user_moves_up() {
    let mut app = App::open(PUBLISH, (80, 24));
    app.model.load = Load { live: true, ..Load::default() };
    app.keys("2 G");
    assert!(app.model.follow);
    assert_eq!(app.model.list.at, app.model.list_len() - 1);
    app.keys("k");
    assert!(!app.model.follow);
    app.keys("F");
    assert!(app.model.follow && app.says("follow"));
    update(&mut app.model, Msg::Mouse(Mouse::WheelUp, 5, 5));
    assert!(!app.model.follow);
}

#[test]
fn the_mouse_does_what_keys_do() {
    let mut app = App::open(PUBLISH, (80, 24));
    update(&mut app.model, Msg::Mouse(Mouse::Press, 20, 0));
    assert_eq!(app.model.screen, Screen::Messages);
    update(&mut app.model, Msg::Mouse(Mouse::Press, 20, 8));
    app.settle();
    assert_eq!(app.model.selected_item(), Some(Item::Message(1)));
    update(&mut app.model, Msg::Mouse(Mouse::Press, 20, 7));
    app.settle();
    assert_eq!(app.model.selected_item(), Some(Item::Message(0)));
    let pane = app.model.panes().bytes;
    // The third byte of the first line, in hex and among the characters.
    for x in [pane.x + 8 + 6, pane.x + 8 + 24 + 1 + 2] {
        update(&mut app.model, Msg::Mouse(Mouse::Press, x, pane.y + 1));
        assert_eq!((app.model.focus, app.model.detail.byte), (Focus::Bytes, 2));
    }
    update(&mut app.model, Msg::Mouse(Mouse::WheelDown, 20, 5));
    assert_eq!(app.model.list.top, 3);
}

#[test]
fn any_size_is_drawn_and_signals_end_or_suspend() {
    let mut app = App::open(PUBLISH, (80, 24));
    for keys in ["1", "2", "Tab", "Tab", "z", "3", "4", "5", "?", "Esc", ":", "Esc"] {
        app.keys(keys);
        for size in [(0, 0), (1, 1), (39, 9), (40, 8), (60, 15), (61, 16), (300, 100), (80, 3)] {
            update(&mut app.model, Msg::Resize(size.0, size.1));
            app.drawn();
        }
    }
    assert_eq!(update(&mut app.model, Msg::Signal(Signal::Terminate)), Some(Effect::End(Signal::Terminate)));
    assert_eq!(update(&mut app.model, Msg::Signal(Signal::Suspend)), Some(Effect::Suspend));
    assert_eq!(update(&mut app.model, Msg::Key(Key::ctrl('z'))), Some(Effect::Suspend));
}

#[test]
fn every_action_is_found_in_the_help_and_on_the_command_line() {
    let mut app = App::open(PUBLISH, (120, 60));
    let names: Vec<&str> = app.model.keymap.bindings().iter().map(|binding| binding.name).collect();
    app.keys("?");
    for name in &names {
        assert!(app.says(&format!(":{name}")), "{name}");
    }
    app.keys("Esc");
    for name in names.into_iter().filter(|name| *name != "quit") {
        app.keys(":").typed(name).keys("Enter");
        assert!(!app.says("no action"), "{name}");
        app.keys("Esc");
    }
}

/// `docs/keys.md` is written from the table of keys; with BLESS=1 it is written anew.
#[test]
fn the_documentation_has_the_keys_that_the_program_has() {
    use rtmpscope::tui::Context;
    let mut text = String::from(
        "# Keys of the terminal app\n\nWritten from the table that the program itself reads. Actions are run by name behind \
         `:` as well, and get other keys\nin `~/.config/rtmpscope/config.toml`:\n\n```toml\ntheme = \"light\"   # auto, \
         dark, light, mono\nascii = false\n[keys]\ndown = [\"j\", \"Down\", \"Ctrl-n\"]\n```\n\n| keys | action | where | \
         what it does |\n|---|---|---|---|\n",
    );
    for binding in Keymap::default().bindings() {
        let places = Context::ALL.into_iter().filter(|context| binding.contexts & *context as u16 != 0);
        let places: Vec<&str> = places.map(Context::name).collect();
        let places = if places.len() == Context::ALL.len() { "everywhere".to_owned() } else { places.join(", ") };
        let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
        text.push_str(&format!("| {} | `{}` | {places} | {} |\n", keys.join(" "), binding.name, binding.help));
    }
    text.push_str(
        "\n## What people come for\n\nFrom the first screen on, in the samples; a test presses these keys.\n\n",
    );
    text.push_str("| what | sample | keys |\n|---|---|---|\n");
    for (what, file, keys, _) in TASKS {
        let keys: Vec<String> = keys.split(' ').map(|key| format!("`{key}`")).collect();
        text.push_str(&format!("| {what} | {file} | {} |\n", keys.join(" ")));
    }
    text.push_str(
        "\nA live publish is followed by `rtmpscope view -F FILE` while something writes the file, by `tcpdump -U -w - | \
         rtmpscope view -`,\nor by `rtmpscope proxy --tui`: `Enter` opens the session, moving up stops following, `F` or \
         `G` follows again.\n",
    );
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    // What comes behind the tables is written by hand.
    let found = std::fs::read_to_string(&path).unwrap();
    let (tables, by_hand) = found.split_once("\n## Clipboard").unwrap();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, format!("{text}\n## Clipboard{by_hand}")).unwrap();
    }
    assert_eq!(tables, text, "BLESS=1 cargo test --test tui writes it anew");
}

/// Of more messages than there is room for the list keeps what is said longest, and says what is left out.
#[test]
fn a_list_that_is_full_says_so_and_sessions_go_on() {
    let whole = App::open(PUBLISH, (120, 40));
    let all = whole.model.index.messages();
    for (listed, said) in [(80, "sound and pictures are not listed"), (8, "no messages are listed")] {
        let mut app = App::within(&Limits { listed, ..Limits::default() }, PUBLISH, (120, 40));
        assert!(app.model.index.messages() <= listed && app.model.index.messages() >= listed / 8 * 7);
        assert!(app.says("published 2.0 s, clean close"), "{}", app.screen());
        let (row, same) = (app.model.index.session(1).unwrap(), whole.model.index.session(1).unwrap());
        assert_eq!((row.messages, row.bytes, &row.rate), (all as u64, same.bytes, &same.rate));
        app.keys("5");
        assert!(app.says(said), "{}", app.screen());
        // What is listed is found by its number and opened; what is not is told.
        app.keys("1 Enter :").typed("3").keys("Enter");
        assert!(app.says("message 1.3"), "{}", app.screen());
        app.keys(":").typed(&(all / 2).to_string()).keys("Enter");
        assert!(app.says("not listed"), "{}", app.screen());
    }
    // The goodbye at the end is no media: it is listed behind all that are not.
    let mut app = App::within(&Limits { listed: 80, ..Limits::default() }, PUBLISH, (120, 40));
    app.keys("Enter /").typed("command.name == deleteStream").keys("Enter");
    assert_eq!(app.model.list_len(), 1, "{}", app.screen());
    assert!(app.says("deleteStream"), "{}", app.screen());
}

/// Who types on behind a completion types behind what the line shows.
#[test]
fn typing_goes_on_behind_a_completion() {
    let mut app = App::open(PUBLISH, (80, 24));
    app.keys("Enter /").typed("vid").keys("Tab").typed(".codec == avc");
    let Overlay::Prompt(prompt) = &app.model.overlay else { panic!("no line") };
    assert_eq!(prompt.text, "video.codec == avc");
    app.keys("Enter");
    assert!(app.says(" match") && !app.says(" 0 match"), "{}", app.screen());
}

/// The column that `e` chooses shows the value that is spoken of, and `Enter` its message.
#[test]
fn the_charts_go_to_where_sound_is_farthest_away() {
    for size in [(60, 15), (80, 24), (120, 40), (300, 60)] {
        let mut app = App::open("pub-obs29-h264-aac-nginx.pcap", size);
        app.keys("4 e");
        let apart = app.model.series.farthest().unwrap();
        let screen = app.screen();
        assert!(screen.contains(&format!("audio is {:+.0} ms ahead of video here", apart.offset)), "{screen}");
        let chart = screen.lines().find(|line| line.contains("audio ahead of video  "));
        assert!(chart.is_some_and(|line| line.trim_end().ends_with(&format!("here {:.1}", apart.offset))), "{screen}");
        app.keys("Enter");
        let Some(Item::Message(row)) = app.model.selected_item() else { panic!("no message") };
        let (from, time) = (app.model.series.time(apart.step), app.model.index.entry(row).unwrap().time);
        let after = time.since(from);
        assert!(after.0 >= 0 && after.0 <= app.model.series.step.0, "{after:?} at {size:?}");
    }
}

/// What is copied and written is what the screen shows, whatever lies behind it.
#[test]
fn what_is_copied_and_written_is_what_is_shown() {
    let mut app = App::open(REFUSED, (120, 40));
    let copied = |app: &mut App, keys: &str| {
        app.keys(keys);
        match app.effects.pop() {
            Some(Effect::Copy(text) | Effect::Save(_, text)) => text,
            other => panic!("{other:?} after {keys}"),
        }
    };
    assert!(copied(&mut app, "y l").starts_with("   1 closed 192.0.2.10:44008 -> 192.0.2.20:1935  p, publish ****"));
    assert_eq!(copied(&mut app, "w s").lines().count(), 9);
    assert!(copied(&mut app, "5 y l").contains("play refused: NetStream.Play.StreamNotFound"));
    assert_eq!(copied(&mut app, "w s").lines().count(), 2);
    app.keys("Enter 3");
    let call = copied(&mut app, "g j j j j j y l");
    assert!(call.contains("c2s  #1 connect app=vod"), "{call}");
    assert_eq!(copied(&mut app, "w s").lines().count(), app.model.ladder.rows().len());
    app.keys("1 g Space Space d");
    assert_eq!(copied(&mut app, "y l"), "session: session role \"publish\" -> \"connect\"");
    assert!(copied(&mut app, "w s").lines().count() > 10);
    assert!(app.effects.iter().all(|effect| matches!(effect, Effect::Contrast(_))));
}

/// The mouse moves in what lies on top, not in what is behind it.
#[test]
fn the_mouse_stays_in_a_comparison() {
    let mut app = App::open(REFUSED, (120, 40));
    app.keys("Space Space d");
    let behind = app.model.sessions.at;
    update(&mut app.model, Msg::Mouse(Mouse::Press, 10, 4));
    assert_eq!(app.model.contrast.as_ref().unwrap().cursor.at, 2);
    update(&mut app.model, Msg::Mouse(Mouse::Press, 10, 4));
    assert!(app.model.contrast.is_some() && app.model.screen == Screen::Sessions);
    assert_eq!(app.model.sessions.at, behind);
}

/// The way out is in the footer of every screen, however narrow.
#[test]
fn the_footer_always_tells_the_way_out() {
    for size in [(40, 8), (60, 15), (80, 24), (200, 60)] {
        let mut app = App::open(REFUSED, size);
        let footer = |app: &App| app.screen().lines().last().unwrap().trim_end().to_owned();
        assert!(footer(&app).ends_with("q quit"), "{}", footer(&app));
        for keys in ["Enter", "Tab", "Tab", "3", "4", "5"] {
            app.keys(keys);
            assert!(footer(&app).ends_with("q back"), "{}", footer(&app));
        }
    }
}
