//! The sequence parameter set of VVC (H.266 section 7.3.2.4): size, buffers, order, timing and looks. Its coding tools
//! stand in a file of their own.

use super::hrd;
use super::profile;
use super::references::Lists;
use crate::field::{Annotate, BitReader, Fault, Value};
use crate::wire::codec::nal::{Seen, f as unit};
use crate::wire::codec::picture::{Chroma, Colour, Picture, cropped, f as picture, sample_shape};
use crate::wire::codec::vui::f as vui;

mod fields;
mod tools;
pub use fields::f;
pub use tools::f as tools_f;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Larger pictures than any level allows.
const LARGEST: u32 = 1 << 16;

/// More parts of a picture than any level allows.
const MOST_PARTS: u32 = 1000;

/// What the beginning of the set says that the rest needs.
#[derive(Clone, Copy)]
struct Basics {
    layered: bool,
    layers: u32,
    chroma: u8,
    /// Size of a block, as an exponent.
    block: u32,
    /// Profile, buffers and timing are here, not in a video parameter set.
    complete: bool,
    width: u32,
    height: u32,
}

/// Reads what follows the header of the unit.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>, seen: &mut Seen) -> Result<(), Fault> {
    b.u(&f::SPS_ID, 4)?;
    let layered = b.u(&f::VPS_ID, 4)? > 0;
    let layers = b.u(&f::MAX_SUBLAYERS, 3)? as u32;
    let chroma = b.u(&picture::CHROMA_FORMAT_IDC, 2)? as u8;
    let block = b.u(&f::CTU_SIZE, 2)? as u32 + 5;
    let complete = b.flag(&f::PTL_PRESENT)?;
    if complete {
        profile::read(b, true, layers)?;
    }
    b.flag(&f::GDR)?;
    if b.flag(&f::RESAMPLING)? {
        b.flag(&f::RESOLUTION_CHANGES)?;
    }
    let (width, height) = (b.ue_to(&f::WIDTH, LARGEST)?, b.ue_to(&f::HEIGHT, LARGEST)?);
    let basics = Basics { layered, layers, chroma, block, complete, width, height };
    let mut shown = (width, height);
    if b.flag(&f::WINDOW)? {
        let crop = [b.ue(&f::LEFT)?, b.ue(&f::RIGHT)?, b.ue(&f::TOP)?, b.ue(&f::BOTTOM)?];
        match cropped(shown, Chroma(chroma).step(), crop) {
            Some(left) => shown = left,
            None => b.remark("the cropping leaves nothing of the picture"),
        }
    }
    if b.flag(&f::SUBPICTURES)? {
        b.group(&f::SUBPICTURE_LAYOUT, |b| subpictures(b, basics))?;
    }
    let bit_depth = b.ue_to(&f::BIT_DEPTH, 8)? as u8 + 8;
    b.derived(&picture::WIDTH, Value::Unsigned(u64::from(shown.0)));
    b.derived(&picture::HEIGHT, Value::Unsigned(u64::from(shown.1)));
    let mut shown = Picture::of_size(shown, (width, height), Chroma(chroma), bit_depth);
    let result = rest(b, basics, &mut shown);
    seen.picture.get_or_insert(shown);
    result
}

/// Places of parts that can be decoded alone, in blocks.
fn subpictures<A: Annotate>(b: &mut Bits<'_, '_, A>, basics: Basics) -> Result<(), Fault> {
    let last = b.ue_to(&f::SUBPICTURE_COUNT, MOST_PARTS)?;
    let (mut independent, mut alike) = (true, false);
    if last > 0 {
        independent = b.flag(&f::SUBPICTURES_INDEPENDENT)?;
        alike = b.flag(&f::SUBPICTURES_ALIKE)?;
    }
    // No bits where one block is enough for the whole picture.
    let place = |size: u32| size.div_ceil(1 << basics.block).next_power_of_two().ilog2();
    let (across, down) = (place(basics.width), place(basics.height));
    for at in 0..=last {
        if last == 0 {
            break;
        }
        b.group(&f::SUBPICTURE, |b| {
            let placed = at > 0 && !alike;
            let sized = if alike { at == 0 } else { at < last };
            for (field, bits, there) in [
                (&f::SUBPICTURE_LEFT, across, placed),
                (&f::SUBPICTURE_TOP, down, placed),
                (&f::SUBPICTURE_WIDTH, across, sized),
                (&f::SUBPICTURE_HEIGHT, down, sized),
            ] {
                if there && bits > 0 {
                    b.u(field, bits)?;
                }
            }
            if !independent {
                b.flag(&f::SUBPICTURE_AS_PICTURE)?;
                b.flag(&f::SUBPICTURE_FILTER)?;
            }
            Ok(())
        })?;
    }
    let bits = b.ue_to(&f::SUBPICTURE_ID_LENGTH, 15)? + 1;
    if b.flag(&f::SUBPICTURE_IDS)? && b.flag(&f::SUBPICTURE_IDS_HERE)? {
        for _ in 0..=last {
            b.u(&f::SUBPICTURE_ID, bits)?;
        }
    }
    Ok(())
}

fn rest<A: Annotate>(b: &mut Bits<'_, '_, A>, basics: Basics, shown: &mut Picture) -> Result<(), Fault> {
    b.flag(&f::ENTROPY_SYNC)?;
    b.flag(&f::ENTRY_POINTS)?;
    let order_bits = b.u(&f::LOG2_MAX_POC_LSB, 4)? as u32 + 4;
    if b.flag(&f::POC_MSB)? {
        b.ue_to(&f::POC_MSB_LENGTH, 31)?;
    }
    for (count, present) in [(&f::EXTRA_PH, &f::EXTRA_PH_PRESENT), (&f::EXTRA_SH, &f::EXTRA_SH_PRESENT)] {
        for _ in 0..b.u(count, 2)? {
            b.u(present, 8)?;
        }
    }
    if basics.complete {
        let each = basics.layers > 0 && b.flag(&f::SUBLAYER_BUFFERS)?;
        hrd::buffers(b, basics.layers, each)?;
    }
    b.group(&f::PARTITIONS, |b| tools::partitions(b, basics.chroma))?;
    let transforms = b.group(&f::TRANSFORMS, |b| tools::transforms(b, basics.block, basics.chroma))?;
    let tools::Predictions { weighted, long_term } = b.group(&f::FILTERS, |b| tools::filters(b, basics.chroma))?;
    let layered = basics.layered && b.flag(&f::INTER_LAYER)?;
    b.flag(&f::IDR_LISTS)?;
    let lists = Lists { long_term, layered, weighted, order_bits };
    for _ in 0..if b.flag(&f::SAME_LISTS)? { 1 } else { 2 } {
        for _ in 0..b.ue_to(&f::LIST_COUNT, 64)? {
            b.group(&super::references::f::LIST, |b| lists.one(b))?;
        }
    }
    b.group(&f::INTER_TOOLS, tools::inter)?;
    let adaptive = b.group(&f::INTRA_TOOLS, |b| tools::intra(b, basics.chroma, transforms))?;
    b.group(&f::QUANTISERS, |b| tools::quantisers(b, transforms, adaptive))?;
    if b.flag(&f::BOUNDARIES)? && b.flag(&f::BOUNDARIES_HERE)? {
        for (count, place) in [(&f::BOUNDARIES_X, &f::BOUNDARY_X), (&f::BOUNDARIES_Y, &f::BOUNDARY_Y)] {
            for _ in 0..b.ue_to(count, 3)? {
                b.ue(place)?;
            }
        }
    }
    if basics.complete && b.flag(&f::TIMING)? {
        let general = hrd::general(b)?;
        let each = basics.layers > 0 && b.flag(&f::SUBLAYER_TIMING)?;
        shown.rate = hrd::layers(b, if each { 0 } else { basics.layers }, basics.layers, general)?;
    }
    shown.interlaced = b.flag(&f::FIELD_SEQ)?;
    if b.flag(&f::VUI_PRESENT)? {
        let size = b.ue_to(&f::VUI_SIZE, 1023)? + 1;
        b.align(&picture::RESERVED)?;
        b.within(size, |b| b.group(&vui::VUI, |b| usability(b, shown)))?;
    }
    if b.flag(&f::EXTENSION)? {
        let range = b.flag(&f::EXTENSION_RANGE)?;
        let others = b.u(&f::EXTENSION_OTHERS, 7)?;
        if range {
            b.group(&f::RANGE_EXTENSION, |b| tools::range_extension(b, transforms))?;
        }
        if others != 0 {
            b.rest(&unit::EXTENSION_DATA);
            return Ok(());
        }
    }
    b.trailing(&unit::TRAILING);
    Ok(())
}

/// Video usability information (H.274 section 7.2), with a size of its own.
fn usability<A: Annotate>(b: &mut Bits<'_, '_, A>, shown: &mut Picture) -> Result<(), Fault> {
    let progressive = b.flag(&f::PROGRESSIVE)?;
    let interlaced = b.flag(&f::INTERLACED)?;
    b.flag(&f::NON_PACKED)?;
    b.flag(&f::NON_PROJECTED)?;
    if b.flag(&vui::ASPECT_PRESENT)? {
        b.flag(&f::ASPECT_CONSTANT)?;
        let shape = b.u(&vui::ASPECT, 8)?;
        shown.sar = sample_shape(shape);
        if shape == 255 {
            let sar = (b.u(&vui::SAR_WIDTH, 16)? as u16, b.u(&vui::SAR_HEIGHT, 16)? as u16);
            shown.sar = (sar.0 > 0 && sar.1 > 0).then_some(sar);
        }
    }
    if b.flag(&vui::OVERSCAN_PRESENT)? {
        b.flag(&vui::OVERSCAN)?;
    }
    if b.flag(&vui::COLOUR_PRESENT)? {
        shown.colour = Some(Colour {
            primaries: b.u(&picture::PRIMARIES, 8)? as u8,
            transfer: b.u(&picture::TRANSFER, 8)? as u8,
            matrix: b.u(&picture::MATRIX, 8)? as u8,
            full_range: b.flag(&picture::FULL_RANGE)?,
        });
    }
    if b.flag(&vui::CHROMA_LOCATION_PRESENT)? {
        if progressive && !interlaced {
            b.ue(&f::CHROMA_FRAME)?;
        } else {
            b.ue(&vui::CHROMA_TOP)?;
            b.ue(&vui::CHROMA_BOTTOM)?;
        }
    }
    // A bit 1 and bits 0 up to the size, unless the data end with the last byte.
    if b.left() > 0 {
        b.rest(&f::VUI_END);
    }
    Ok(())
}
