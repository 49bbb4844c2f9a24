//! MultichannelConfig: which channel is for which speaker.

use super::NOT_KEPT;
use crate::field::{Annotate, Fault, Field, Reader, Value, fields};
use crate::wire::body::Extent;

/// How the channels are ordered; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Order(u8);

impl Order {
    /// Each channel names its speaker.
    const CUSTOM: Order = Order(2);
    /// A mask names the speakers, channels follow in the order of its bits.
    const NATIVE: Order = Order(1);
    const UNSPECIFIED: Order = Order(0);
}

/// Reads a channel layout; `channels` keeps the number of channels of the first one.
pub(super) fn read<A: Annotate>(r: &mut Reader<'_, A>, extent: Extent, channels: &mut Option<u8>) -> Result<(), Fault> {
    r.group(&f::LAYOUT, |r| {
        let order = Order(r.u8(&f::ORDER)?);
        let count = r.u8(&f::COUNT)?;
        channels.get_or_insert(count);
        r.value(Value::Count(u32::from(count)));
        match order {
            Order::UNSPECIFIED => {}
            Order::NATIVE => {
                let mask = r.u32(&f::FLAGS)?;
                if mask.count_ones() != u32::from(count) {
                    r.remark(4, "not as many speakers as there are channels");
                }
            }
            Order::CUSTOM => {
                for _ in 0..count {
                    if extent.is_head() && r.is_empty() {
                        break;
                    }
                    r.u8(&f::SPEAKER)?;
                }
            }
            _ => {
                r.remark(2, "a reserved order of channels");
                r.skip_rest(if extent.is_head() { NOT_KEPT } else { "not defined for this order" });
            }
        }
        Ok(())
    })
}

/// Bit n of the mask stands for speaker n.
const SPEAKERS: &[(u64, &str)] = &[
    (1 << 0, "front left"),
    (1 << 1, "front right"),
    (1 << 2, "front center"),
    (1 << 3, "low frequency 1"),
    (1 << 4, "back left"),
    (1 << 5, "back right"),
    (1 << 6, "front left of center"),
    (1 << 7, "front right of center"),
    (1 << 8, "back center"),
    (1 << 9, "side left"),
    (1 << 10, "side right"),
    (1 << 11, "top center"),
    (1 << 12, "top front left"),
    (1 << 13, "top front center"),
    (1 << 14, "top front right"),
    (1 << 15, "top back left"),
    (1 << 16, "top back center"),
    (1 << 17, "top back right"),
    (1 << 18, "low frequency 2"),
    (1 << 19, "top side left"),
    (1 << 20, "top side right"),
    (1 << 21, "bottom front center"),
    (1 << 22, "bottom front left"),
    (1 << 23, "bottom front right"),
];

fn order_name(order: u64) -> Option<&'static str> {
    Some(match order {
        0 => "unspecified",
        1 => "native: a mask of speakers follows",
        2 => "custom: one speaker per channel follows",
        _ => return None,
    })
}

fn speaker_name(speaker: u64) -> Option<&'static str> {
    match speaker {
        0xfe => Some("unused"),
        0xff => Some("unknown"),
        _ => SPEAKERS.get(usize::try_from(speaker).ok()?).map(|s| s.1),
    }
}

/// Fields of channel layouts.
pub mod f {
    use super::*;
    fields! {
        /// The whole layout.
        LAYOUT = Field::new("channel_layout", "which channel is for which speaker");
        /// Order.
        ORDER = Field::new("channel_order", "how the speakers of the channels are given").numbers(order_name);
        /// Count.
        COUNT = Field::new("channel_count", "number of channels");
        /// Mask.
        FLAGS = Field::new("speakers", "the speakers that there are; channels follow in this order").mask(SPEAKERS);
        /// Speaker of a channel.
        SPEAKER = Field::new("speaker", "the speaker of the next channel").numbers(speaker_name);
    }
}
