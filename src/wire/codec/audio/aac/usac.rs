//! UsacConfig, the configuration of USAC, which xHE-AAC is a profile of (ISO/IEC 23003-3, 5.2).

use crate::field::{Annotate, BitReader, Fault, Field, Unit, fields};

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Reads the configuration. Returns samples of a frame, if they are told.
pub(super) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<Option<u16>, Fault> {
    if b.u(&f::FREQUENCY_INDEX, 5)? == 31 {
        b.u(&f::FREQUENCY, 24)?;
    }
    let frame = b.u(&f::FRAME, 3)?;
    if b.u(&f::CHANNELS, 5)? == 0 {
        for _ in 0..escaped(b, &f::CHANNEL_COUNT, [5, 8, 16])? {
            b.u(&f::CHANNEL, 5)?;
        }
    }
    // Spectral band replication makes of 3 bands 8, or of one 4 or 2.
    let replicated = matches!(frame, 2..=4);
    for _ in 0..=escaped(b, &f::ELEMENTS, [4, 8, 16])? {
        b.group(&f::ELEMENT, |b| element(b, replicated))?;
    }
    if b.flag(&f::EXTENSIONS_PRESENT)? {
        for _ in 0..=escaped(b, &f::EXTENSIONS, [2, 4, 8])? {
            escaped(b, &f::EXTENSION_TYPE, [4, 8, 16])?;
            let size = escaped(b, &f::EXTENSION_SIZE, [4, 8, 16])?;
            b.bytes(&f::EXTENSION, size)?;
        }
    }
    Ok([768, 1024, 2048, 2048, 4096].get(frame as usize).copied())
}

fn element<A: Annotate>(b: &mut Bits<'_, '_, A>, replicated: bool) -> Result<(), Fault> {
    match b.u(&f::ELEMENT_TYPE, 2)? {
        0 => {
            core(b)?;
            if replicated {
                b.group(&f::SBR, sbr)?;
            }
        }
        1 => {
            core(b)?;
            if replicated {
                b.group(&f::SBR, sbr)?;
                let stereo = b.u(&f::STEREO, 2)?;
                if stereo > 0 {
                    b.group(&f::SURROUND, |b| surround(b, stereo > 1))?;
                }
            }
        }
        2 => {}
        _ => {
            escaped(b, &f::EXTENSION_TYPE, [4, 8, 16])?;
            let size = escaped(b, &f::EXTENSION_SIZE, [4, 8, 16])?;
            if b.flag(&f::DEFAULT_PRESENT)? {
                escaped(b, &f::DEFAULT_LENGTH, [8, 16, 0])?;
            }
            b.flag(&f::FRAGMENTS)?;
            b.bytes(&f::EXTENSION, size)?;
        }
    }
    Ok(())
}

fn core<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.flag(&f::TIME_WARPING)?;
    b.flag(&f::NOISE_FILLING).map(drop)
}

fn sbr<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.flag(&f::HARMONIC)?;
    b.flag(&f::INTER_TES)?;
    b.flag(&f::PREDICTIVE)?;
    b.u(&f::START, 4)?;
    b.u(&f::STOP, 4)?;
    let (bands, limits) = (b.flag(&f::EXTRA_1)?, b.flag(&f::EXTRA_2)?);
    if bands {
        b.u(&f::SCALE, 2)?;
        b.flag(&f::ALTER)?;
        b.u(&f::NOISE, 2)?;
    }
    if limits {
        b.u(&f::LIMITER_BANDS, 2)?;
        b.u(&f::LIMITER_GAINS, 2)?;
        b.flag(&f::INTERPOLATE)?;
        b.flag(&f::SMOOTH)?;
    }
    Ok(())
}

/// Two channels of one, as in MPEG Surround.
fn surround<A: Annotate>(b: &mut Bits<'_, '_, A>, residual: bool) -> Result<(), Fault> {
    b.u(&f::FREQUENCY_RESOLUTION, 3)?;
    b.u(&f::DOWNMIX_GAIN, 3)?;
    let shaped = b.u(&f::TEMPORAL_SHAPE, 2)?;
    b.u(&f::DECORRELATION, 2)?;
    b.flag(&f::HIGH_RATE)?;
    b.flag(&f::PHASE)?;
    if b.flag(&f::PHASE_BANDS_PRESENT)? {
        b.u(&f::PHASE_BANDS, 5)?;
    }
    if residual {
        b.u(&f::RESIDUAL_BANDS, 5)?;
        b.flag(&f::PSEUDO_LR)?;
    }
    if shaped == 2 {
        b.flag(&f::ENVELOPE)?;
    }
    Ok(())
}

/// A number in few bits, to which more are added while all bits are set.
fn escaped<A: Annotate>(b: &mut Bits<'_, '_, A>, field: &'static Field, widths: [u32; 3]) -> Result<u32, Fault> {
    let mut sum = 0;
    for bits in widths.into_iter().take_while(|bits| *bits > 0) {
        let part = b.u(field, bits)? as u32;
        sum += part;
        if part < (1 << bits) - 1 {
            break;
        }
    }
    Ok(sum)
}

fn element_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "one channel",
        1 => "two channels",
        2 => "low frequencies",
        3 => "extension",
        _ => return None,
    })
}

fn frame_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "768 samples",
        1 => "1024 samples",
        2 => "2048 samples, 8:3 replicated",
        3 => "2048 samples, 2:1 replicated",
        4 => "4096 samples, 4:1 replicated",
        5..=7 => "reserved",
        _ => return None,
    })
}

/// Fields of the configuration of USAC.
pub mod f {
    use super::*;
    fields! {
        /// The whole.
        USAC_CONFIG = Field::new("usac_config", "configuration of unified speech and audio coding (xHE-AAC)");
        /// Frequency.
        FREQUENCY_INDEX = Field::new("usac_sampling_frequency_index", "sample rate, as an index");
        /// Frequency.
        FREQUENCY = Field::new("usac_sampling_frequency", "sample rate").unit(Unit::Hertz);
        /// Frame.
        FRAME = Field::new("core_sbr_frame_length_index", "samples of a frame").numbers(frame_name);
        /// Channels.
        CHANNELS = Field::new("channel_configuration_index", "number and places of the channels; 0 when they follow");
        /// Channels.
        CHANNEL_COUNT = Field::new("num_out_channels", "number of channels");
        /// Channel.
        CHANNEL = Field::new("bs_output_channel_pos", "place of a channel");
        /// Elements.
        ELEMENTS = Field::new("num_elements_minus1", "elements of a frame, minus 1");
        /// Element.
        ELEMENT = Field::new("usac_element", "one element of a frame");
        /// Type.
        ELEMENT_TYPE = Field::new("usac_element_type", "what the element holds").numbers(element_name);
        /// Time warping.
        TIME_WARPING = Field::new("tw_mdct", "time is stretched before coding");
        /// Noise.
        NOISE_FILLING = Field::new("noise_filling", "gaps are filled with noise");
        /// Replication.
        SBR = Field::new("usac_sbr_config", "how higher frequencies are made");
        /// Harmonic.
        HARMONIC = Field::new("harmonic_sbr", "by harmonics");
        /// Envelopes.
        INTER_TES = Field::new("bs_inter_tes", "with envelopes inside of frames");
        /// Prediction.
        PREDICTIVE = Field::new("bs_pvc", "with predicted envelopes");
        /// Start.
        START = Field::new("dflt_start_freq", "where they begin");
        /// Stop.
        STOP = Field::new("dflt_stop_freq", "where they end");
        /// More.
        EXTRA_1 = Field::new("dflt_header_extra1", "settings of the bands follow");
        /// More.
        EXTRA_2 = Field::new("dflt_header_extra2", "settings of limits follow");
        /// Bands.
        SCALE = Field::new("dflt_freq_scale", "bands of an octave");
        /// Bands.
        ALTER = Field::new("dflt_alter_scale", "wider bands on top");
        /// Noise.
        NOISE = Field::new("dflt_noise_bands", "bands of noise of an octave");
        /// Limits.
        LIMITER_BANDS = Field::new("dflt_limiter_bands", "bands of limits of an octave");
        /// Limits.
        LIMITER_GAINS = Field::new("dflt_limiter_gains", "highest gain");
        /// Interpolation.
        INTERPOLATE = Field::new("dflt_interpol_freq", "numbers are interpolated");
        /// Smoothing.
        SMOOTH = Field::new("dflt_smoothing_mode", "numbers are not smoothed");
        /// Stereo.
        STEREO = Field::new("stereo_config_index", "how two channels are made; 0 when both are coded");
        /// Surround.
        SURROUND = Field::new("mps212_config", "how two channels are made of one");
        /// Resolution.
        FREQUENCY_RESOLUTION = Field::new("bs_freq_res", "number of bands, as an index");
        /// Gain.
        DOWNMIX_GAIN = Field::new("bs_fixed_gain_dmx", "gain of the one channel");
        /// Shape.
        TEMPORAL_SHAPE = Field::new("bs_temp_shape_config", "how envelopes are shaped");
        /// Decorrelation.
        DECORRELATION = Field::new("bs_decorr_config", "how the channels are told apart");
        /// Rate.
        HIGH_RATE = Field::new("bs_high_rate_mode", "for high rates");
        /// Phase.
        PHASE = Field::new("bs_phase_coding", "phases are coded");
        /// Phase.
        PHASE_BANDS_PRESENT = Field::new("bs_ott_bands_phase_present", "the number of their bands follows");
        /// Phase.
        PHASE_BANDS = Field::new("bs_ott_bands_phase", "bands whose phase is coded");
        /// Residual.
        RESIDUAL_BANDS = Field::new("bs_residual_bands", "bands with a residual");
        /// Pseudo.
        PSEUDO_LR = Field::new("bs_pseudo_lr", "channels are turned");
        /// Envelope.
        ENVELOPE = Field::new("bs_env_quant_mode", "how envelopes are quantised");
        /// Default length.
        DEFAULT_PRESENT = Field::new("usac_ext_element_default_length_present", "a usual length follows");
        /// Default length.
        DEFAULT_LENGTH = Field::new("usac_ext_element_default_length_minus1", "usual bytes of the element, minus 1");
        /// Fragments.
        FRAGMENTS = Field::new("usac_ext_element_payload_frag", "the element may be spread over frames");
        /// Extensions.
        EXTENSIONS_PRESENT = Field::new("usac_config_extension_present", "extensions follow");
        /// Extensions.
        EXTENSIONS = Field::new("num_config_extensions_minus1", "number of extensions, minus 1");
        /// Type.
        EXTENSION_TYPE = Field::new("usac_extension_type", "kind of the extension");
        /// Size.
        EXTENSION_SIZE = Field::new("usac_extension_length", "bytes of the extension").unit(Unit::Bytes);
        /// Extension.
        EXTENSION = Field::new("usac_extension", "loudness, or other data beside the sound");
    }
}
