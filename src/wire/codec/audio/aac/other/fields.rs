//! The field table of the rarer configurations of MPEG-4 audio.

use crate::field::{Field, Unit, fields};

/// Fields of the rarer configurations of MPEG-4 audio.
pub mod f {
    use super::*;
    fields! {
        /// Is base layer.
        BASE_LAYER = Field::new("is_base_layer", "the lowest layer, which needs no other");
        /// Config extension flag.
        EXTENSION = Field::new("config_extension_flag", "further fields follow");
        /// Config reserved.
        RESERVED = Field::new("config_reserved", "bits without meaning");
        /// Celp specific config.
        CELP = Field::new("celp_specific_config", "configuration of speech coded by excitation");
        /// Is bws layer.
        CELP_WIDER = Field::new("is_bws_layer", "the layer adds higher frequencies");
        /// Bws configuration.
        CELP_WIDER_CONFIG = Field::new("bws_configuration", "how it is coded");
        /// Celp brs id.
        CELP_LAYER = Field::new("celp_brs_id", "number of the layer");
        /// Excitation mode.
        CELP_EXCITATION = Field::new("excitation_mode", "regular pulses instead of several");
        /// Sample rate mode.
        CELP_RATE = Field::new("sample_rate_mode", "16 kHz instead of 8");
        /// Fine rate control.
        CELP_FINE = Field::new("fine_rate_control", "frames choose their rate");
        /// Silence compression.
        CELP_SILENCE = Field::new("silence_compression", "silence is left out");
        /// Rpe configuration.
        CELP_REGULAR = Field::new("rpe_configuration", "rate of regular pulses");
        /// Mpe configuration.
        CELP_MULTI = Field::new("mpe_configuration", "rate of several pulses");
        /// Num enh layers.
        CELP_LAYERS = Field::new("num_enh_layers", "further layers");
        /// Bandwidth scalability mode.
        CELP_SCALABLE = Field::new("bandwidth_scalability_mode", "a layer adds higher frequencies");
        /// Hvxc specific config.
        HVXC = Field::new("hvxc_specific_config", "configuration of speech coded by harmonics");
        /// Hvxc var mode.
        HVXC_VARIABLE = Field::new("hvxc_var_mode", "the rate varies");
        /// Hvxc rate mode.
        HVXC_RATE = Field::new("hvxc_rate_mode", "the rate");
        /// Var scalable flag.
        HVXC_SCALABLE = Field::new("var_scalable_flag", "the varying rate has layers");
        /// Tts specific config.
        TTS = Field::new("tts_specific_config", "configuration of speech made of text");
        /// Tts sequence id.
        TTS_SEQUENCE = Field::new("tts_sequence_id", "number of the sequence");
        /// Language code.
        TTS_LANGUAGE = Field::new("language_code", "language of the text");
        /// Tts enable flags.
        TTS_FLAGS = Field::new("tts_enable_flags", "what the text comes with: gender, age, rate, prosody, video, lips, tricks");
        /// Parametric specific config.
        PARAMETRIC = Field::new("parametric_specific_config", "configuration of sound coded by lines and noise");
        /// Para mode.
        PARAMETRIC_MODE = Field::new("para_mode", "speech, other sound, or which of both");
        /// Hiln enha layer.
        HILN_ENHANCED = Field::new("hiln_enha_layer", "the layer makes lines more exact");
        /// Hiln enha quant mode.
        HILN_ENHANCED_QUANTISER = Field::new("hiln_enha_quant_mode", "how exact they become");
        /// Hiln quant mode.
        HILN_QUANTISER = Field::new("hiln_quant_mode", "how noise is coded");
        /// Hiln max num line.
        HILN_LINES = Field::new("hiln_max_num_line", "most lines of a frame");
        /// Hiln sample rate code.
        HILN_RATE = Field::new("hiln_sample_rate_code", "sample rate, as an index");
        /// Hiln frame length.
        HILN_FRAME = Field::new("hiln_frame_length", "samples of a frame");
        /// Hiln cont mode.
        HILN_CONTINUE = Field::new("hiln_cont_mode", "how lines go on");
        /// Ssc specific config.
        SSC = Field::new("ssc_specific_config", "configuration of sound coded by sines");
        /// Decoder level.
        SSC_LEVEL = Field::new("decoder_level", "what a decoder must be able to do");
        /// Update rate.
        SSC_UPDATE = Field::new("update_rate", "how often numbers change");
        /// Synthesis method.
        SSC_SYNTHESIS = Field::new("synthesis_method", "how sound is made of them");
        /// Mode ext.
        SSC_STEREO = Field::new("mode_ext", "how stereo is made");
        /// Mpeg 1 2 extension.
        MPEG_EXTENSION = Field::new("mpeg_1_2_extension", "always 0");
        /// Dst specific config.
        DST = Field::new("dst_specific_config", "configuration of direct stream transfer");
        /// Dsddst coded.
        DST_CODED = Field::new("dsddst_coded", "the sound is compressed");
        /// N channels.
        DST_CHANNELS = Field::new("n_channels", "number of channels");
        /// Als specific config.
        ALS = Field::new("als_specific_config", "configuration of lossless coding");
        /// Als id.
        ALS_ID = Field::new("als_id", "the letters ALS and a zero");
        /// Als sample rate.
        ALS_RATE = Field::new("als_sample_rate", "sample rate").unit(Unit::Hertz);
        /// Als samples.
        ALS_SAMPLES = Field::new("als_samples", "number of samples");
        /// Als channels minus1.
        ALS_CHANNELS = Field::new("als_channels_minus1", "number of channels, minus 1");
        /// File type.
        ALS_FILE_TYPE = Field::new("file_type", "kind of the original file");
        /// Als resolution.
        ALS_RESOLUTION = Field::new("als_resolution", "bytes of a sample, minus 1");
        /// Als floating.
        ALS_FLOATING = Field::new("als_floating", "samples are floating-point numbers");
        /// Msb first.
        ALS_BIG_ENDIAN = Field::new("msb_first", "the original began with the highest byte");
        /// Frame length minus1.
        ALS_FRAME = Field::new("frame_length_minus1", "samples of a frame, minus 1");
        /// Random access.
        ALS_RANDOM_ACCESS = Field::new("random_access", "distance of the frames that decoding can start with");
        /// Ra flag.
        ALS_ACCESS_PLACE = Field::new("ra_flag", "where the sizes of these stand");
        /// Als prediction.
        ALS_PREDICTION = Field::new("als_prediction", "adaptive order, table of coefficients, long-term prediction, highest order");
        /// Als tools.
        ALS_TOOLS = Field::new("als_tools", "division of blocks, entropy coding, joint stereo, coding across channels");
        /// Chan config.
        ALS_CONFIGURED = Field::new("chan_config", "places of the channels follow");
        /// Chan sort.
        ALS_SORTED = Field::new("chan_sort", "an order of the channels follows");
        /// Crc enabled.
        ALS_CHECKED = Field::new("crc_enabled", "a check follows");
        /// Rlslms.
        ALS_RLS = Field::new("rlslms", "another way to predict");
        /// Aux data enabled.
        ALS_AUXILIARY = Field::new("aux_data_enabled", "data of others follow");
        /// Chan config info.
        ALS_CHANNEL_CONFIG = Field::new("chan_config_info", "places of the channels");
        /// Chan pos.
        ALS_CHANNEL = Field::new("chan_pos", "place of a channel in the original");
        /// Header size.
        ALS_HEADER_SIZE = Field::new("header_size", "bytes of the original's header").unit(Unit::Bytes);
        /// Trailer size.
        ALS_TRAILER_SIZE = Field::new("trailer_size", "bytes of the original's trailer").unit(Unit::Bytes);
        /// Orig header.
        ALS_HEADER = Field::new("orig_header", "header of the original");
        /// Orig trailer.
        ALS_TRAILER = Field::new("orig_trailer", "trailer of the original");
        /// Als crc.
        ALS_CHECK = Field::new("als_crc", "check of all samples");
        /// Als unit sizes.
        ALS_REST = Field::new("als_unit_sizes", "sizes of the parts, and data of others");
        /// Sls specific config.
        SLS = Field::new("sls_specific_config", "configuration of scalable lossless coding");
        /// Pcm word length.
        SLS_WORD = Field::new("pcm_word_length", "bits of a sample, as an index");
        /// Aac core present.
        SLS_CORE = Field::new("aac_core_present", "AAC is the lowest layer");
        /// Lle main stream.
        SLS_MAIN = Field::new("lle_main_stream", "the main stream");
        /// Sls frame length.
        SLS_FRAME = Field::new("sls_frame_length", "samples of a frame, as an index");
        /// Eld specific config.
        ELD = Field::new("eld_specific_config", "configuration of AAC with enhanced low delay");
        /// Eld short frames.
        ELD_SHORT = Field::new("eld_short_frames", "480 samples a frame instead of 512");
        /// Ld sbr present flag.
        ELD_SBR = Field::new("ld_sbr_present_flag", "spectral band replication follows");
        /// Ld sbr sampling rate.
        ELD_SBR_DOUBLE = Field::new("ld_sbr_sampling_rate", "it doubles the sample rate");
        /// Ld sbr crc flag.
        ELD_SBR_CRC = Field::new("ld_sbr_crc_flag", "it has checks");
        /// Eld ext type.
        ELD_EXTENSION = Field::new("eld_ext_type", "kind of the extension; 0 for none");
        /// Eld ext len.
        ELD_EXTENSION_SIZE = Field::new("eld_ext_len", "bytes of the extension").unit(Unit::Bytes);
        /// Eld ext data.
        ELD_EXTENSION_DATA = Field::new("eld_ext_data", "an extension");
        /// Sbr header.
        SBR_HEADER = Field::new("sbr_header", "how higher frequencies are made");
        /// Bs amp res.
        SBR_RESOLUTION = Field::new("bs_amp_res", "steps of 3 dB instead of 1.5");
        /// Bs start freq.
        SBR_START = Field::new("bs_start_freq", "where they begin");
        /// Bs stop freq.
        SBR_STOP = Field::new("bs_stop_freq", "where they end");
        /// Bs xover band.
        SBR_CROSSOVER = Field::new("bs_xover_band", "first band that is made");
        /// Bs header extra 1.
        SBR_EXTRA_1 = Field::new("bs_header_extra_1", "settings of the bands follow");
        /// Bs header extra 2.
        SBR_EXTRA_2 = Field::new("bs_header_extra_2", "settings of limits follow");
        /// Bs freq scale.
        SBR_SCALE = Field::new("bs_freq_scale", "bands of an octave");
        /// Bs alter scale.
        SBR_ALTER = Field::new("bs_alter_scale", "wider bands on top");
        /// Bs noise bands.
        SBR_NOISE = Field::new("bs_noise_bands", "bands of noise of an octave");
        /// Bs limiter bands.
        SBR_LIMITER_BANDS = Field::new("bs_limiter_bands", "bands of limits of an octave");
        /// Bs limiter gains.
        SBR_LIMITER_GAINS = Field::new("bs_limiter_gains", "highest gain");
        /// Bs interpol freq.
        SBR_INTERPOLATE = Field::new("bs_interpol_freq", "numbers are interpolated");
        /// Bs smoothing mode.
        SBR_SMOOTH = Field::new("bs_smoothing_mode", "numbers are not smoothed");
        /// Error protection specific config.
        PROTECTION = Field::new("error_protection_specific_config", "how bits are protected against errors");
        /// Number of predefined set.
        SETS = Field::new("number_of_predefined_set", "number of sets");
        /// Interleave type.
        INTERLEAVE = Field::new("interleave_type", "how bits are interleaved");
        /// Bit stuffing.
        STUFFING = Field::new("bit_stuffing", "bits are added up to a byte");
        /// Number of concatenated frame.
        FRAMES = Field::new("number_of_concatenated_frame", "frames that are joined");
        /// Predefined set.
        SET = Field::new("predefined_set", "one way to protect a frame");
        /// Number of class.
        CLASSES = Field::new("number_of_class", "classes of bits");
        /// Protection class.
        CLASS = Field::new("protection_class", "protection of one class");
        /// Length escape.
        LENGTH_LATER = Field::new("length_escape", "the frame says the length");
        /// Rate escape.
        RATE_LATER = Field::new("rate_escape", "the frame says the rate of the code");
        /// Crclen escape.
        CRC_LATER = Field::new("crclen_escape", "the frame says the length of the check");
        /// Concatenate flag.
        JOINED = Field::new("concatenate_flag", "the class is joined over frames");
        /// Fec type.
        CODE = Field::new("fec_type", "code that corrects errors");
        /// Termination switch.
        TERMINATED = Field::new("termination_switch", "the code is ended after the class");
        /// Interleave switch.
        INTERLEAVED = Field::new("interleave_switch", "how the class is interleaved");
        /// Class optional.
        OPTIONAL = Field::new("class_optional", "the class may be missing");
        /// Number of bits for length.
        LENGTH_BITS = Field::new("number_of_bits_for_length", "bits of the length");
        /// Class length.
        LENGTH = Field::new("class_length", "bits of the class; 0 up to the end");
        /// Class rate.
        RATE = Field::new("class_rate", "rate of the code");
        /// Class crclen.
        CRC = Field::new("class_crclen", "bits of the check");
        /// Class reordered output.
        REORDERED = Field::new("class_reordered_output", "classes come in another order");
        /// Class output order.
        ORDER = Field::new("class_output_order", "place of a class");
        /// Header protection.
        HEADER_PROTECTED = Field::new("header_protection", "headers are protected otherwise");
        /// Header rate.
        HEADER_RATE = Field::new("header_rate", "rate of their code");
        /// Header crclen.
        HEADER_CRC = Field::new("header_crclen", "bits of their check");
        /// Direct mapping.
        DIRECT = Field::new("direct_mapping", "classes are those of the codec");
    }
}
