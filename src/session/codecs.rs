//! What decoder configurations said that later pictures of the same stream need: how long NAL lengths are, how picture
//! timing is laid out.

use crate::stream::Direction;
use crate::wire::body::Body;
use crate::wire::codec::Context;

/// The last configuration of each message stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Codecs {
    known: Vec<(Direction, u32, Context)>,
}

/// Message streams remembered; nobody publishes more at a time on one connection.
const MOST: usize = 64;

impl Codecs {
    /// What is known of a message stream.
    pub(super) fn of(&self, dir: Direction, stream_id: u32) -> Context {
        let known = self.known.iter().find(|(d, id, _)| (*d, *id) == (dir, stream_id));
        known.map_or_else(Context::default, |(_, _, context)| *context)
    }

    /// Takes the configuration in a message, if it has one.
    pub(super) fn learn(&mut self, dir: Direction, stream_id: u32, meaning: &Body) {
        let Body::Video(video) = meaning else { return };
        let Some(config) = video.facts().config else { return };
        self.known.retain(|(d, id, _)| (*d, *id) != (dir, stream_id));
        if self.known.len() >= MOST {
            self.known.remove(0);
        }
        self.known.push((dir, stream_id, config.context()));
    }
}
