//! The field table of SEI messages about how pictures are to be shown.

use crate::field::{Field, Unit, fields};

fn packing_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "checkerboard",
        1 => "columns",
        2 => "rows",
        3 => "side by side",
        4 => "top and bottom",
        5 => "frame after frame",
        6 => "one view",
        7 => "tiles",
        _ => return None,
    })
}

fn content_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "unspecified",
        1 => "the first is the left view",
        2 => "the first is the right view",
        _ => return None,
    })
}

fn grain_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "frequency filtering",
        1 => "auto-regression",
        _ => return None,
    })
}

/// Fields of SEI messages about how pictures are to be shown.
pub mod f {
    use super::*;
    fields! {
        /// Cancel.
        CANCEL = Field::new("cancel_flag", "an earlier message holds no longer");
        /// Repetition.
        REPETITION = Field::new("repetition_period", "how many pictures the message holds for: 0 for this one, 1 until it is changed");
        /// Persistence.
        PERSISTENCE = Field::new("persistence_flag", "the message holds until it is changed");
        /// More.
        MORE = Field::new("additional_extension_flag", "data of versions to come follow");
        /// Model.
        GRAIN_MODEL = Field::new("film_grain_model_id", "how grain is made").numbers(grain_name);
        /// Colours.
        GRAIN_COLOURS = Field::new("separate_colour_description_present_flag", "grain has colours of its own");
        /// Bits.
        GRAIN_LUMA_BITS = Field::new("film_grain_bit_depth_luma_minus8", "bits of brightness, minus 8").unit(Unit::Bits);
        /// Bits.
        GRAIN_CHROMA_BITS = Field::new("film_grain_bit_depth_chroma_minus8", "bits of colour, minus 8").unit(Unit::Bits);
        /// Blending.
        GRAIN_BLENDING = Field::new("blending_mode_id", "0 when grain is added, 1 when it is multiplied");
        /// Scale.
        GRAIN_SCALE = Field::new("log2_scale_factor", "scale of the numbers, as an exponent");
        /// Is it there?
        GRAIN_COLOUR = Field::new("comp_model_present_flag", "grain of one colour follows");
        /// Grain of a colour.
        GRAIN = Field::new("film_grain", "grain of one colour");
        /// Intervals.
        GRAIN_INTERVALS = Field::new("num_intensity_intervals_minus1", "intervals of brightness, minus 1");
        /// Values.
        GRAIN_VALUES = Field::new("num_model_values_minus1", "numbers of an interval, minus 1");
        /// Lower bound.
        GRAIN_LOWER = Field::new("intensity_interval_lower_bound", "where the interval begins");
        /// Upper bound.
        GRAIN_UPPER = Field::new("intensity_interval_upper_bound", "where the interval ends");
        /// Value.
        GRAIN_VALUE = Field::new("comp_model_value", "strength or shape of the grain");
        /// Deblocking.
        BEFORE_DEBLOCKING = Field::new("display_prior_to_deblocking_preferred_flag", "show pictures before edges are smoothed");
        /// Buffering.
        BUFFERING_CONSTRAINT = Field::new("dec_frame_buffering_constraint_flag", "doing so needs no more buffers");
        /// Views.
        FIELD_VIEWS = Field::new("field_views_flag", "the two fields are two views");
        /// Views.
        TOP_IS_LEFT = Field::new("top_field_is_left_view_flag", "the top field is the left view");
        /// Views.
        CURRENT_IS_LEFT = Field::new("current_frame_is_left_view_flag", "this picture is the left view");
        /// Views.
        NEXT_IS_SECOND = Field::new("next_frame_is_second_view_flag", "the next picture is the other view");
        /// Views.
        LEFT_ALONE = Field::new("left_view_self_contained_flag", "the left, or first, view needs no other");
        /// Views.
        RIGHT_ALONE = Field::new("right_view_self_contained_flag", "the right, or second, view needs no other");
        /// Height.
        FILTER_HEIGHT = Field::new("filter_hint_size_y", "height of the filter");
        /// Width.
        FILTER_WIDTH = Field::new("filter_hint_size_x", "width of the filter");
        /// Type.
        FILTER_TYPE = Field::new("filter_hint_type", "what its numbers are");
        /// Value.
        FILTER_VALUE = Field::new("filter_hint", "a number of the filter");
        /// Id.
        TONE_ID = Field::new("tone_map_id", "purpose of the mapping");
        /// Bits.
        CODED_BITS = Field::new("coded_data_bit_depth", "bits of the coded samples").unit(Unit::Bits);
        /// Bits.
        TARGET_BITS = Field::new("target_bit_depth", "bits of the mapped samples").unit(Unit::Bits);
        /// Model.
        TONE_MODEL = Field::new("tone_map_model_id", "how tones are mapped");
        /// Min.
        TONE_MIN = Field::new("tone_map_min_value", "sample that becomes black");
        /// Max.
        TONE_MAX = Field::new("tone_map_max_value", "sample that becomes white");
        /// Midpoint.
        TONE_MIDPOINT = Field::new("sigmoid_midpoint", "sample that becomes the middle");
        /// Width.
        TONE_WIDTH = Field::new("sigmoid_width", "how far apart dark and bright are");
        /// Start.
        TONE_START = Field::new("start_of_coded_interval", "first sample that becomes the next tone");
        /// Pivots.
        TONE_PIVOTS = Field::new("num_pivots", "number of points of the curve");
        /// Point.
        TONE_CODED = Field::new("coded_pivot_value", "sample at this point");
        /// Point.
        TONE_TARGET = Field::new("target_pivot_value", "tone that it becomes");
        /// Film speed.
        ISO_SPEED = Field::new("camera_iso_speed_idc", "speed of the film; 255 when it follows");
        /// Film speed.
        ISO_SPEED_VALUE = Field::new("camera_iso_speed_value", "speed of the film");
        /// Exposure.
        EXPOSURE = Field::new("exposure_index_idc", "exposure; 255 when it follows");
        /// Exposure.
        EXPOSURE_VALUE = Field::new("exposure_index_value", "exposure");
        /// Sign.
        EXPOSURE_SIGN = Field::new("exposure_compensation_value_sign_flag", "the compensation is negative");
        /// Numerator.
        EXPOSURE_NUMERATOR = Field::new("exposure_compensation_value_numerator", "compensation of exposure");
        /// Denominator.
        EXPOSURE_DENOMINATOR = Field::new("exposure_compensation_value_denom_idc", "what it is divided by");
        /// White.
        SCREEN_WHITE = Field::new("ref_screen_luminance_white", "brightness of white, in 0.01 cd/m2");
        /// White.
        EXTENDED_WHITE = Field::new("extended_range_white_level", "brightness of the extended range, as a part of white");
        /// Black.
        BLACK_CODE = Field::new("nominal_black_level_code_value", "sample that means black");
        /// White.
        WHITE_CODE = Field::new("nominal_white_level_code_value", "sample that means white");
        /// White.
        EXTENDED_WHITE_CODE = Field::new("extended_white_level_code_value", "sample that means the brightest white");
        /// Id.
        PACKING_ID = Field::new("frame_packing_arrangement_id", "purpose of the arrangement");
        /// Type.
        PACKING_TYPE = Field::new("frame_packing_arrangement_type", "how two views share pictures").numbers(packing_name);
        /// Quincunx.
        QUINCUNX = Field::new("quincunx_sampling_flag", "samples are taken as on a chessboard");
        /// Content.
        CONTENT = Field::new("content_interpretation_type", "which view is which").numbers(content_name);
        /// Flipping.
        SPATIAL_FLIPPING = Field::new("spatial_flipping_flag", "one of the views is mirrored");
        /// Flipping.
        FIRST_FLIPPED = Field::new("frame0_flipped_flag", "that is the first one");
        /// Order.
        CURRENT_IS_FIRST = Field::new("current_frame_is_frame0_flag", "this picture is the first view");
        /// Place.
        FIRST_X = Field::new("frame0_grid_position_x", "place of the first view's samples");
        /// Place.
        FIRST_Y = Field::new("frame0_grid_position_y", "place of the first view's samples");
        /// Place.
        SECOND_X = Field::new("frame1_grid_position_x", "place of the second view's samples");
        /// Place.
        SECOND_Y = Field::new("frame1_grid_position_y", "place of the second view's samples");
        /// Shape.
        UPSAMPLED = Field::new("upsampled_aspect_ratio_flag", "the shape of samples is that of a single view");
        /// Colours.
        VOLUME_PRIMARIES = Field::new("ccv_primaries_present_flag", "the colours in use follow");
        /// Darkest.
        VOLUME_MIN = Field::new("ccv_min_luminance_value_present_flag", "the darkest follows");
        /// Brightest.
        VOLUME_MAX = Field::new("ccv_max_luminance_value_present_flag", "the brightest follows");
        /// Average.
        VOLUME_AVERAGE = Field::new("ccv_avg_luminance_value_present_flag", "the average follows");
        /// Colour.
        VOLUME_X = Field::new("ccv_primaries_x", "x of a primary, in steps of 0.00002");
        /// Colour.
        VOLUME_Y = Field::new("ccv_primaries_y", "y of a primary, in steps of 0.00002");
        /// Darkest.
        VOLUME_MIN_VALUE = Field::new("ccv_min_luminance_value", "darkest in use, in 0.0000001 cd/m2");
        /// Brightest.
        VOLUME_MAX_VALUE = Field::new("ccv_max_luminance_value", "brightest in use, in 0.0000001 cd/m2");
        /// Average.
        VOLUME_AVERAGE_VALUE = Field::new("ccv_avg_luminance_value", "average brightness, in 0.0000001 cd/m2");
        /// Use.
        ALPHA_USE = Field::new("alpha_channel_use_idc", "how transparency is used");
        /// Bits.
        ALPHA_BITS = Field::new("alpha_channel_bit_depth_minus8", "bits of transparency, minus 8").unit(Unit::Bits);
        /// Transparent.
        TRANSPARENT = Field::new("alpha_transparent_value", "sample that means transparent");
        /// Opaque.
        OPAQUE = Field::new("alpha_opaque_value", "sample that means opaque");
        /// Increment.
        ALPHA_INCREMENT = Field::new("alpha_channel_incr_flag", "samples are one more than coded");
        /// Clipping.
        ALPHA_CLIP = Field::new("alpha_channel_clip_flag", "samples are rounded to one of the two");
        /// Clipping.
        ALPHA_CLIP_TYPE = Field::new("alpha_channel_clip_type_flag", "how they are rounded");
        /// Guard band.
        GUARD_BAND = Field::new("erp_guard_band_flag", "the edges repeat a part of the picture");
        /// Guard band.
        GUARD_BAND_TYPE = Field::new("erp_guard_band_type", "how the edges are made");
        /// Guard band.
        GUARD_BAND_LEFT = Field::new("erp_left_guard_band_width", "width of the left edge").unit(Unit::Pixels);
        /// Guard band.
        GUARD_BAND_RIGHT = Field::new("erp_right_guard_band_width", "width of the right edge").unit(Unit::Pixels);
        /// Yaw.
        YAW = Field::new("yaw", "turn around the upright axis, in 1/65536 of a degree");
        /// Pitch.
        PITCH = Field::new("pitch", "turn upwards, in 1/65536 of a degree");
        /// Roll.
        ROLL = Field::new("roll", "tilt, in 1/65536 of a degree");
        /// Id.
        VIEWPORT_ID = Field::new("omni_viewport_id", "purpose of the view");
        /// Views.
        VIEWPORTS = Field::new("omni_viewport_cnt_minus1", "number of views, minus 1");
        /// Range.
        RANGE_X = Field::new("omni_viewport_hor_range", "width of the view, in 1/65536 of a degree");
        /// Range.
        RANGE_Y = Field::new("omni_viewport_ver_range", "height of the view, in 1/65536 of a degree");
    }
}
