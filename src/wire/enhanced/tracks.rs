//! Multitrack: one message with the body of one track or of many.

use super::{Header, NOT_KEPT, Packet, f, fourcc};
use crate::field::{Annotate, Fault, FaultKind, Reader, Value};
use crate::wire::body::Extent;
use crate::wire::fourcc::FourCc;

/// The form of a multitrack message; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Multitrack(pub u8);

/// Which tracks a message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tracks {
    /// The form.
    pub form: Multitrack,
    /// The id of the first track, which is the only one in the form for one track.
    pub first: Option<u8>,
    /// The number of tracks, when the whole body is there to count them.
    pub count: Option<u32>,
}

impl Multitrack {
    /// One track, up to the end of the message.
    pub const ONE_TRACK: Multitrack = Multitrack(0);
    /// Several tracks with one codec.
    pub const MANY_TRACKS: Multitrack = Multitrack(1);
    /// Several tracks, each with its codec.
    pub const MANY_TRACKS_MANY_CODECS: Multitrack = Multitrack(2);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        NAMES.get(usize::from(self.0)).map(|n| n.1)
    }

    /// The name as a JSON word.
    pub fn word(self) -> Option<&'static str> {
        NAMES.get(usize::from(self.0)).map(|n| n.0)
    }
}

/// Reads the multitrack byte and the tracks.
pub(super) fn read<'a, A: Annotate, P: Packet>(
    r: &mut Reader<'a, A>,
    extent: Extent,
    header: &mut Header<P>,
    mut body: impl FnMut(&mut Reader<'a, A>, P, FourCc) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let at = r.at();
    let [form, packet] = r.bits([(&f::MULTITRACK, 4), (P::TRACKS_FIELD, 4)])?;
    let (form, packet) = (Multitrack(form as u8), P::new(packet));
    let mut tracks = Tracks { form, first: None, count: None };
    header.tracks = Some(tracks);
    if packet == P::MULTITRACK || packet == P::MOD_EX {
        let why = FaultKind::Malformed(&"tracks can carry neither Multitrack nor ModEx");
        return Err(Fault { at: at as u32, kind: why });
    }
    header.packet = packet;
    if packet.is_reserved() {
        r.remark(1, "a reserved packet type");
    }
    if form.word().is_none() {
        r.remark(1, "a reserved form of multitrack");
        r.rest(&f::RESERVED_BODY);
        return Ok(());
    }
    if form != Multitrack::MANY_TRACKS_MANY_CODECS {
        header.fourcc = Some(fourcc(r)?);
    }
    let result = match (form, header.fourcc) {
        (Multitrack::ONE_TRACK, Some(code)) => r.group(&f::TRACK, |r| {
            track_id(r, &mut tracks)?;
            tracks.count = Some(1);
            body(r, packet, code)
        }),
        _ => many(r, extent, header, &mut tracks, |r, code| body(r, packet, code)),
    };
    header.tracks = Some(tracks);
    result
}

/// Reads tracks with a size each until the message ends. A body that cannot be read ends its track only: the result is
/// the first fault of all.
fn many<'a, A: Annotate, P: Packet>(
    r: &mut Reader<'a, A>,
    extent: Extent,
    header: &mut Header<P>,
    tracks: &mut Tracks,
    mut body: impl FnMut(&mut Reader<'a, A>, FourCc) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let common = header.fourcc;
    let ahead = if common.is_some() { TRACK_HEADER } else { TRACK_HEADER + 4 };
    let (mut count, mut result) = (0, Ok(()));
    while !r.is_empty() {
        if extent.is_head() && r.left() < ahead {
            r.skip_rest(NOT_KEPT);
            break;
        }
        // From where its size is known and true on, a fault does not reach the next track.
        let mut bounded = false;
        let track = r.group(&f::TRACK, |r| {
            r.count()?;
            let code = match common {
                Some(code) => code,
                None => fourcc(r)?,
            };
            header.fourcc.get_or_insert(code);
            track_id(r, tracks)?;
            let at = r.at();
            let mut size = r.u24(&f::TRACK_SIZE)? as usize;
            if size > r.left() {
                if !extent.is_head() {
                    let why = FaultKind::Malformed(&"the track reaches beyond the end of the message");
                    return Err(Fault { at: at as u32, kind: why });
                }
                size = r.left();
            }
            bounded = true;
            r.within(size, |r| body(r, code))
        });
        if !bounded {
            return result.and(track);
        }
        result = result.and(track);
        count += 1;
    }
    if !extent.is_head() {
        tracks.count = Some(count);
        if count == 0 {
            r.remark(0, "no track follows");
        }
    }
    result
}

fn track_id<A: Annotate>(r: &mut Reader<'_, A>, tracks: &mut Tracks) -> Result<(), Fault> {
    let id = r.u8(&f::TRACK_ID)?;
    tracks.first.get_or_insert(id);
    r.value(Value::Unsigned(u64::from(id)));
    Ok(())
}

/// Track id and size.
const TRACK_HEADER: usize = 4;

/// Word for JSON and name for people, by form.
const NAMES: [(&str, &str); 3] = [
    ("one_track", "one track"),
    ("many_tracks", "many tracks with one codec"),
    ("many_tracks_many_codecs", "many tracks, each with its codec"),
];

pub(super) fn form_name(form: u64) -> Option<&'static str> {
    Multitrack(form as u8).name()
}
