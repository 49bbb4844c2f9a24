//! What the terminal app costs over a million messages: a frame, a jump to the end, a filter; and building the index.
//!
//! The screen is 200 columns by 60 rows. A frame has to stay below 2 ms, a jump to the end and the first hits of a filter
//! below 100 ms.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock};

use divan::{Bencher, black_box};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use rtmpscope::engine::{Control, Input, Settings, Want, run};
use rtmpscope::record::{Record, Sink};
use rtmpscope::tui::{Key, Keymap, Model, Msg, Theme, update, view};
use rtmpscope::view::index::{Index, Indexer};
use rtmpscope::view::odd;
use rtmpscope::view::series::Series;

fn main() {
    divan::main();
}

const MESSAGES: usize = 1_000_000;

/// The records of a sample.
fn records() -> Vec<Record> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/pub-obs29-h264-aac-nginx.pcap");
    let mut records = Vec::new();
    let mut sink = |record| records.push(record);
    let settings = Settings { pair_replies: false, ..Settings::new(Want::LITTLE) };
    run(Input::open(&path).expect("the sample"), &settings, &mut sink, |_| Control::Continue).expect("a capture");
    records
}

/// The app over the same session again and again, each time as another one, until there are a million messages.
fn app() -> MutexGuard<'static, Model> {
    static APP: OnceLock<Mutex<Model>> = OnceLock::new();
    let build = || {
        let records = records();
        let mut model = Model::new("million.pcap", Theme::default(), Keymap::default(), (200, 60));
        let mut indexer = Indexer::new();
        let mut session = 0;
        while model.index.messages() < MESSAGES {
            session += 1;
            for mut record in records.iter().cloned() {
                if let Some(number) = record.session_mut() {
                    *number = session;
                }
                if !matches!(record, Record::End(_)) && (session == 1 || !matches!(record, Record::Source(_))) {
                    indexer.take(record);
                }
            }
            update(&mut model, Msg::Batch(Box::new(indexer.take_batch(true))));
        }
        update(&mut model, Msg::Key(Key::char('2')));
        Mutex::new(model)
    };
    APP.get_or_init(build).lock().expect("a model")
}

fn screen() -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(200, 60)).expect("a screen")
}

fn draw(terminal: &mut Terminal<TestBackend>, model: &Model) {
    let frame = terminal.draw(|frame| view(model, frame)).expect("a frame");
    black_box(frame.area);
}

#[divan::bench]
fn frame(bencher: Bencher) {
    let (model, mut terminal) = (app(), screen());
    bencher.bench_local(|| draw(&mut terminal, &model));
}

#[divan::bench]
fn scroll_a_page_and_draw(bencher: Bencher) {
    let (mut model, mut terminal) = (app(), screen());
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(Key::ctrl('f')));
        draw(&mut terminal, &model);
    });
}

#[divan::bench]
fn jump_to_the_end_and_draw(bencher: Bencher) {
    let (mut model, mut terminal) = (app(), screen());
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(Key::char('g')));
        update(&mut model, Msg::Key(Key::char('G')));
        draw(&mut terminal, &model);
    });
}

#[divan::bench(args = ["kind == video && video.keyframe", "command.name == publish", "length > 20kB"])]
fn first_hits_of_a_filter(bencher: Bencher, filter: &str) {
    let (mut model, mut terminal) = (app(), screen());
    bencher.bench_local(|| {
        rtmpscope::tui::narrow(&mut model, filter);
        draw(&mut terminal, &model);
    });
    update(&mut model, Msg::Key(Key::parse("Esc").expect("a key")));
}

#[divan::bench(sample_count = 10)]
fn a_filter_over_all(bencher: Bencher) {
    let mut model = app();
    bencher.bench_local(|| {
        rtmpscope::tui::narrow(&mut model, "kind == video && video.keyframe");
        while model.is_busy() {
            update(&mut model, Msg::Tick);
        }
        model.list_len()
    });
    update(&mut model, Msg::Key(Key::parse("Esc").expect("a key")));
}

/// What the strip of time and the charts cost when a session has a million messages.
#[divan::bench(sample_count = 10)]
fn count_a_session_of_a_million(bencher: Bencher) {
    let (records, mut indexer, mut index) = (records(), Indexer::new(), Index::default());
    let mut seq = 0;
    while index.messages() < MESSAGES {
        for mut record in records.iter().cloned() {
            if let Record::Message(message) = &mut record {
                seq += 1;
                message.seq = seq;
            } else if seq > 0 {
                continue;
            }
            indexer.take(record);
        }
        index.push(indexer.take_batch(true));
    }
    bencher.bench_local(|| black_box(Series::new(&index, 1).messages));
}

/// No timestamp of them jumps: all are looked at.
#[divan::bench(sample_count = 10)]
fn look_for_odd_timestamps_among_all(bencher: Bencher) {
    let model = app();
    bencher.bench_local(|| black_box(odd::find(&model.index, None, 0, false)));
}

#[divan::bench]
fn index_a_session(bencher: Bencher) {
    let records = records();
    bencher.with_inputs(|| records.clone()).bench_local_values(|records| {
        let mut indexer = Indexer::new();
        records.into_iter().for_each(|record| indexer.take(record));
        indexer.take_batch(true).len()
    });
}
