//! The video parameter set of HEVC (H.265 section 7.3.2.1), all but the extension for several layers.

use super::{f as hevc, hrd, profile_tier_level, sps};
use crate::field::{Annotate, BitReader, Fault, Field, fields};
use crate::wire::codec::nal::f as unit;
use crate::wire::codec::vui::f as vui;

/// Reads what follows the header of the unit.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    b.u(&hevc::VPS_ID, 4)?;
    b.flag(&hevc::BASE_LAYER_INTERNAL)?;
    b.flag(&hevc::BASE_LAYER_AVAILABLE)?;
    b.u(&hevc::MAX_LAYERS, 6)?;
    let sub_layers = b.u(&hevc::MAX_SUB_LAYERS, 3)? as u32;
    b.flag(&hevc::NESTING)?;
    b.u(&hevc::RESERVED_FFFF, 16)?;
    b.group(&hevc::PROFILE_TIER_LEVEL, |b| profile_tier_level(b, sub_layers))?;
    sps::buffers(b, sub_layers)?;
    let layers = b.u(&f::MAX_LAYER_ID, 6)?;
    for _ in 0..b.ue_to(&f::LAYER_SETS, 1023)? {
        for _ in 0..=layers {
            b.flag(&f::LAYER_INCLUDED)?;
        }
    }
    if b.flag(&vui::TIMING_PRESENT)? {
        timing(b, sub_layers)?;
    }
    if b.flag(&f::EXTENSION)? {
        b.rest(&unit::MORE_PARAMETERS);
        return Ok(());
    }
    b.trailing(&unit::TRAILING);
    Ok(())
}

fn timing<A: Annotate>(b: &mut BitReader<'_, '_, A>, sub_layers: u32) -> Result<(), Fault> {
    b.u(&vui::UNITS_IN_TICK, 32)?;
    b.u(&vui::TIME_SCALE, 32)?;
    if b.flag(&hrd::f::POC_PROPORTIONAL)? {
        b.ue(&hrd::f::TICKS_POC)?;
    }
    let mut common = hrd::Common::default();
    for index in 0..b.ue_to(&f::HRD_COUNT, 1024)? {
        b.ue(&f::HRD_LAYER_SET)?;
        let follows = index == 0 || b.flag(&f::HRD_COMMON)?;
        b.group(&hrd::f::HRD, |b| hrd::read(b, follows, sub_layers, &mut common))?;
    }
    Ok(())
}

/// Fields of the video parameter set of HEVC.
pub mod f {
    use super::*;
    fields! {
        /// Highest layer.
        MAX_LAYER_ID = Field::new("vps_max_layer_id", "highest layer of the stream");
        /// Sets of layers.
        LAYER_SETS = Field::new("vps_num_layer_sets_minus1", "number of sets of layers, minus 1");
        /// Member of a set.
        LAYER_INCLUDED = Field::new("layer_id_included_flag", "the layer is part of the set");
        /// Reference decoders.
        HRD_COUNT = Field::new("vps_num_hrd_parameters", "number of reference decoders described");
        /// Set of layers.
        HRD_LAYER_SET = Field::new("hrd_layer_set_idx", "set of layers that it decodes");
        /// Common part.
        HRD_COMMON = Field::new("cprms_present_flag", "the common part follows again");
        /// Extension.
        EXTENSION = Field::new("vps_extension_flag", "parameters for several layers follow");
    }
}
