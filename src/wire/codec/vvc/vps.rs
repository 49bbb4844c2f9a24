//! The parameter sets of VVC that are about layers: the video parameter set, operating point information and decoding
//! capability information (H.266 sections 7.3.2.1 to 7.3.2.3).

use super::{hrd, profile};
use crate::field::{Annotate, BitReader, Fault, Field, fields};
use crate::wire::codec::nal::f as unit;
use crate::wire::codec::picture::f as picture;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Layers have numbers of 6 bits, and their sets of 8 bits.
const LAYERS: usize = 64;
const SETS: usize = 257;

/// Reads the video parameter set that follows the header of the unit.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::VPS_ID, 4)?;
    let last_layer = b.u(&f::MAX_LAYERS, 6)? as usize;
    let sublayers = b.u(&f::MAX_SUBLAYERS, 3)? as u32;
    let same_layers = !(last_layer > 0 && sublayers > 0) || b.flag(&f::ALL_SUBLAYERS)?;
    let independent = last_layer == 0 || b.flag(&f::ALL_INDEPENDENT)?;
    let needs = layers(b, last_layer, independent)?;
    let sets = if last_layer > 0 { sets(b, last_layer, independent, &needs)? } else { Sets::default() };
    let last_profile = if last_layer > 0 { b.u(&f::PROFILES, 8)? as usize } else { 0 };
    let mut own = [true; SETS];
    let mut highest = [sublayers; SETS];
    for (at, (own, highest)) in own.iter_mut().zip(&mut highest).enumerate().take(last_profile + 1) {
        *own = at == 0 || b.flag(&f::PROFILE_PRESENT)?;
        if !same_layers {
            *highest = b.u(&f::PROFILE_SUBLAYERS, 3)? as u32;
        }
    }
    b.align(&picture::RESERVED)?;
    for (own, highest) in own.iter().zip(highest).take(last_profile + 1) {
        profile::read(b, *own, highest)?;
    }
    if last_profile > 0 && last_profile + 1 != sets.count {
        for _ in 0..sets.count {
            b.u(&f::SET_PROFILE, 8)?;
        }
    }
    if sets.is_told {
        buffers(b, sublayers, same_layers, sets.of_many_layers)?;
    }
    end(b, &f::EXTENSION)
}

/// Which layers each layer needs, directly or not: a bit for each.
fn layers<A: Annotate>(b: &mut Bits<'_, '_, A>, last: usize, independent: bool) -> Result<[u64; LAYERS], Fault> {
    let mut needs = [0u64; LAYERS];
    for at in 0..=last {
        let needed = b.group(&f::LAYER, |b| {
            b.u(&f::LAYER_ID, 6)?;
            let mut needed = 0u64;
            if at > 0 && !independent && !b.flag(&f::INDEPENDENT)? {
                let limited = b.flag(&f::LIMIT_PRESENT)?;
                for (below, of_below) in needs.iter().enumerate().take(at) {
                    if b.flag(&f::DIRECT)? {
                        needed |= 1 << below | of_below;
                        if limited {
                            b.u(&f::LIMIT, 3)?;
                        }
                    }
                }
            }
            Ok(needed)
        })?;
        if let Some(slot) = needs.get_mut(at) {
            *slot = needed;
        }
    }
    Ok(needs)
}

/// Sets of layers that can be shown.
#[derive(Default)]
struct Sets {
    count: usize,
    /// Sets with more than one layer.
    of_many_layers: u32,
    /// Sets are not just the single layers.
    is_told: bool,
}

fn sets<A: Annotate>(
    b: &mut Bits<'_, '_, A>,
    last: usize,
    independent: bool,
    needs: &[u64; LAYERS],
) -> Result<Sets, Fault> {
    if independent && b.flag(&f::EACH_IS_A_SET)? {
        return Ok(Sets { count: last + 1, of_many_layers: 0, is_told: false });
    }
    match if independent { 2 } else { b.u(&f::SET_MODE, 2)? } {
        // Every layer with all below it.
        0 | 1 => Ok(Sets { count: last + 1, of_many_layers: last as u32, is_told: true }),
        2 => {
            let told = b.u(&f::SETS, 8)? + 1;
            let mut of_many_layers = 0;
            for _ in 0..told {
                let mut shown = 0u64;
                for (layer, needs) in needs.iter().enumerate().take(last + 1) {
                    if b.flag(&f::SHOWN)? {
                        shown |= 1 << layer | needs;
                    }
                }
                of_many_layers += u32::from(shown.count_ones() > 1);
            }
            Ok(Sets { count: told as usize + 1, of_many_layers, is_told: true })
        }
        _ => Err(b.malformed(&"a reserved way to tell sets of layers")),
    }
}

/// Buffers and timing of the sets with more than one layer.
fn buffers<A: Annotate>(b: &mut Bits<'_, '_, A>, sublayers: u32, same_layers: bool, sets: u32) -> Result<(), Fault> {
    let highest =
        |b: &mut Bits<'_, '_, A>, field| if same_layers { Ok(sublayers) } else { b.u(field, 3).map(|n| n as u32) };
    let count = b.ue_to(&f::BUFFERS, SETS as u32)? + 1;
    let each = sublayers > 0 && b.flag(&f::SUBLAYER_BUFFERS)?;
    for _ in 0..count {
        let last = highest(b, &f::BUFFER_SUBLAYERS)?;
        hrd::buffers(b, last, each)?;
    }
    for _ in 0..sets {
        b.ue(&f::SET_WIDTH)?;
        b.ue(&f::SET_HEIGHT)?;
        b.u(&f::SET_CHROMA, 2)?;
        b.ue(&f::SET_BIT_DEPTH)?;
        if count > 1 && count != sets {
            b.ue(&f::SET_BUFFERS)?;
        }
    }
    if b.flag(&f::TIMING)? {
        let general = hrd::general(b)?;
        let each = sublayers > 0 && b.flag(&f::SUBLAYER_TIMING)?;
        let count = b.ue_to(&f::TIMINGS, SETS as u32)? + 1;
        for _ in 0..count {
            let last = highest(b, &f::TIMING_SUBLAYERS)?;
            hrd::layers(b, if each { 0 } else { last }, last, general)?;
        }
        if count > 1 && count != sets {
            for _ in 0..sets {
                b.ue(&f::SET_TIMING)?;
            }
        }
    }
    Ok(())
}

/// Operating point information: which layers to decode.
pub(in crate::wire::codec) fn operating_point<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    let (set, sublayers) = (b.flag(&f::SET_PRESENT)?, b.flag(&f::SUBLAYERS_PRESENT)?);
    if set {
        b.ue(&f::SET)?;
    }
    if sublayers {
        b.u(&f::HIGHEST_SUBLAYER, 3)?;
    }
    end(b, &f::OPI_EXTENSION)
}

/// Decoding capability information: what decoding the whole stream asks for.
pub(in crate::wire::codec) fn capability<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.u(&picture::RESERVED, 4)?;
    for _ in 0..=b.u(&f::DCI_PROFILES, 4)? {
        profile::read(b, true, 0)?;
    }
    end(b, &f::DCI_EXTENSION)
}

fn end<A: Annotate>(b: &mut Bits<'_, '_, A>, extension: &'static Field) -> Result<(), Fault> {
    if b.flag(extension)? {
        b.rest(&unit::EXTENSION_DATA);
    } else {
        b.trailing(&unit::TRAILING);
    }
    Ok(())
}

/// Fields of the parameter sets of VVC that are about layers.
pub mod f {
    use super::*;
    fields! {
        /// Number.
        VPS_ID = Field::new("vps_video_parameter_set_id", "number of the set");
        /// Layers.
        MAX_LAYERS = Field::new("vps_max_layers_minus1", "number of layers, minus 1");
        /// Temporal layers.
        MAX_SUBLAYERS = Field::new("vps_max_sublayers_minus1", "number of temporal layers, minus 1");
        /// Sublayers.
        ALL_SUBLAYERS = Field::new("vps_default_ptl_dpb_hrd_max_tid_flag", "profiles, buffers and timing hold for all temporal layers");
        /// Independence.
        ALL_INDEPENDENT = Field::new("vps_all_independent_layers_flag", "no layer needs another");
        /// A layer.
        LAYER = Field::new("vps_layer", "one layer, and what it needs");
        /// Number.
        LAYER_ID = Field::new("vps_layer_id", "number of the layer");
        /// Independence.
        INDEPENDENT = Field::new("vps_independent_layer_flag", "the layer needs no other");
        /// Limits.
        LIMIT_PRESENT = Field::new("vps_max_tid_ref_present_flag", "it needs a part of their temporal layers only");
        /// Reference.
        DIRECT = Field::new("vps_direct_ref_layer_flag", "it refers to this layer");
        /// Limit.
        LIMIT = Field::new("vps_max_tid_il_ref_pics_plus1", "temporal layers of it that are needed");
        /// Sets.
        EACH_IS_A_SET = Field::new("vps_each_layer_is_an_ols_flag", "every layer is shown by itself");
        /// Sets.
        SET_MODE = Field::new("vps_ols_mode_idc", "how sets of layers are told");
        /// Sets.
        SETS = Field::new("vps_num_output_layer_sets_minus2", "number of sets, minus 2");
        /// Shown.
        SHOWN = Field::new("vps_ols_output_layer_flag", "the set shows this layer");
        /// Profiles.
        PROFILES = Field::new("vps_num_ptls_minus1", "number of profiles and levels, minus 1");
        /// Profile.
        PROFILE_PRESENT = Field::new("vps_pt_present_flag", "a profile goes with this level");
        /// Sublayers.
        PROFILE_SUBLAYERS = Field::new("vps_ptl_max_tid", "temporal layers that it holds for, minus 1");
        /// Profile of a set.
        SET_PROFILE = Field::new("vps_ols_ptl_idx", "profile and level of a set of layers");
        /// Buffers.
        BUFFERS = Field::new("vps_num_dpb_params_minus1", "number of descriptions of buffers, minus 1");
        /// Sublayers.
        SUBLAYER_BUFFERS = Field::new("vps_sublayer_dpb_params_present_flag", "every temporal layer says its buffers");
        /// Sublayers.
        BUFFER_SUBLAYERS = Field::new("vps_dpb_max_tid", "temporal layers that they hold for, minus 1");
        /// Width.
        SET_WIDTH = Field::new("vps_ols_dpb_pic_width", "largest width of a set's pictures");
        /// Height.
        SET_HEIGHT = Field::new("vps_ols_dpb_pic_height", "largest height of a set's pictures");
        /// Colour.
        SET_CHROMA = Field::new("vps_ols_dpb_chroma_format", "how colour is sampled in a set");
        /// Bits.
        SET_BIT_DEPTH = Field::new("vps_ols_dpb_bitdepth_minus8", "bits of a sample in a set, minus 8");
        /// Buffers of a set.
        SET_BUFFERS = Field::new("vps_ols_dpb_params_idx", "which description of buffers holds for a set");
        /// Timing.
        TIMING = Field::new("vps_timing_hrd_params_present_flag", "clock, rates and buffers follow");
        /// Sublayers.
        SUBLAYER_TIMING = Field::new("vps_sublayer_cpb_params_present_flag", "every temporal layer has its own");
        /// Timing.
        TIMINGS = Field::new("vps_num_ols_timing_hrd_params_minus1", "number of descriptions of timing, minus 1");
        /// Sublayers.
        TIMING_SUBLAYERS = Field::new("vps_hrd_max_tid", "temporal layers that it holds for, minus 1");
        /// Timing of a set.
        SET_TIMING = Field::new("vps_ols_timing_hrd_idx", "which description of timing holds for a set");
        /// Extension.
        EXTENSION = Field::new("vps_extension_flag", "extensions to come follow");
        /// Set.
        SET_PRESENT = Field::new("opi_ols_info_present_flag", "which set of layers to decode follows");
        /// Sublayers.
        SUBLAYERS_PRESENT = Field::new("opi_htid_info_present_flag", "how many temporal layers to decode follows");
        /// Set.
        SET = Field::new("opi_ols_idx", "set of layers to decode");
        /// Sublayers.
        HIGHEST_SUBLAYER = Field::new("opi_htid_plus1", "temporal layers to decode");
        /// Extension.
        OPI_EXTENSION = Field::new("opi_extension_flag", "extensions to come follow");
        /// Profiles.
        DCI_PROFILES = Field::new("dci_num_ptls_minus1", "number of profiles and levels, minus 1");
        /// Extension.
        DCI_EXTENSION = Field::new("dci_extension_flag", "extensions to come follow");
    }
}
