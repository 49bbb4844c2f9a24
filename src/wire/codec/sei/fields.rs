//! The field table of SEI messages.

use super::hevc::{hash_name, pic_struct_name, scan_name};
use super::names::payload_name;
use super::t35::{cc_type_name, country_name, identifier_name, provider_name, user_data_name};
use super::transfer_name;
use crate::field::{Content, Field, Unit, fields};

/// Fields of SEI messages.
pub mod f {
    use super::*;
    fields! {
        /// One message.
        MESSAGE = Field::new("sei_message", "something beside the pictures");
        /// Type.
        PAYLOAD_TYPE = Field::new("payload_type", "what the message is about").numbers(payload_name);
        /// Size.
        PAYLOAD_SIZE = Field::new("payload_size", "size of the message").unit(Unit::Bytes);
        /// Payload that is not decoded.
        PAYLOAD = Field::new("sei_payload", "a message that is not decoded").content(Content::Undecoded);
        /// End of a payload inside a byte.
        ALIGNMENT = Field::new("sei_payload_alignment", "a bit 1 and bits 0 up to the next byte");
        /// Initial delay.
        INITIAL_DELAY = Field::new("initial_cpb_removal_delay", "how long the buffer fills first, in ticks of 90 kHz");
        /// Initial offset.
        INITIAL_OFFSET = Field::new("initial_cpb_removal_delay_offset", "what to add to delays that follow");
        /// What is left of a payload.
        PAYLOAD_REST = Field::new("sei_payload_rest", "data behind the end of the message, for versions to come")
            .content(Content::Undescribed);
        /// Picture structure.
        PIC_STRUCT = Field::new("pic_struct", "how the picture is shown").numbers(pic_struct_name);
        /// Removal delay.
        REMOVAL_DELAY = Field::new("cpb_removal_delay", "how long the picture waits before it is decoded");
        /// Output delay.
        OUTPUT_DELAY = Field::new("dpb_output_delay", "how long the picture waits before it is shown");
        /// Number of clock times.
        CLOCK_COUNT = Field::new("num_clock_ts", "number of clock times");
        /// Is a clock time there?
        CLOCK_PRESENT = Field::new("clock_timestamp_flag", "a clock time follows");
        /// Clock time.
        CLOCK = Field::new("clock_timestamp", "clock time of the picture");
        /// Scan type.
        CT_TYPE = Field::new("ct_type", "how the picture was scanned");
        /// Unit.
        UNITS_FIELD = Field::new("units_field_based_flag", "the time counts fields");
        /// Counting.
        COUNTING = Field::new("counting_type", "which frame numbers are left out");
        /// Full time.
        FULL = Field::new("full_timestamp_flag", "seconds, minutes and hours follow");
        /// Discontinuity.
        DISCONTINUITY = Field::new("discontinuity_flag", "the clock has jumped");
        /// Dropped.
        DROPPED = Field::new("cnt_dropped_flag", "a frame number was left out");
        /// Frame.
        FRAMES = Field::new("n_frames", "number of the frame in its second");
        /// Are seconds there?
        SECONDS_PRESENT = Field::new("seconds_flag", "seconds follow");
        /// Seconds.
        SECONDS = Field::new("seconds", "seconds").unit(Unit::Seconds);
        /// Are minutes there?
        MINUTES_PRESENT = Field::new("minutes_flag", "minutes follow");
        /// Minutes.
        MINUTES = Field::new("minutes", "minutes");
        /// Are hours there?
        HOURS_PRESENT = Field::new("hours_flag", "hours follow");
        /// Hours.
        HOURS = Field::new("hours", "hours");
        /// Width of the offset.
        TIME_OFFSET_LENGTH = Field::new("time_offset_length", "bits of the time offset").unit(Unit::Bits);
        /// Offset.
        TIME_OFFSET = Field::new("time_offset", "what to add to the clock time");
        /// UUID.
        UUID = Field::new("uuid", "who knows what the user data mean");
        /// Writer.
        WRITER = Field::new("written_by", "encoder that uses this UUID");
        /// Text.
        USER_TEXT = Field::new("user_text", "user data, as text");
        /// Data.
        USER_DATA = Field::new("user_data", "user data").content(Content::Undescribed);
        /// Frames to recovery.
        RECOVERY_FRAMES = Field::new("recovery_frame_cnt", "frames until pictures are right");
        /// Place of recovery.
        RECOVERY_POC = Field::new("recovery_poc_cnt", "distance in order until pictures are right");
        /// Region.
        REFRESHED = Field::new("refreshed_region_flag", "the slices that follow are right after a gradual refresh");
        /// Exactness.
        EXACT_MATCH = Field::new("exact_match_flag", "pictures are then exactly right");
        /// Broken link.
        BROKEN_LINK = Field::new("broken_link_flag", "pictures before are unfit to be shown");
        /// Slice groups.
        SLICE_GROUPS = Field::new("changing_slice_group_idc", "whether slice groups change meanwhile");
        /// Green.
        GREEN_X = Field::new("green_x", "x of the green primary, in steps of 0.00002");
        /// Green.
        GREEN_Y = Field::new("green_y", "y of the green primary, in steps of 0.00002");
        /// Blue.
        BLUE_X = Field::new("blue_x", "x of the blue primary, in steps of 0.00002");
        /// Blue.
        BLUE_Y = Field::new("blue_y", "y of the blue primary, in steps of 0.00002");
        /// Red.
        RED_X = Field::new("red_x", "x of the red primary, in steps of 0.00002");
        /// Red.
        RED_Y = Field::new("red_y", "y of the red primary, in steps of 0.00002");
        /// White.
        WHITE_X = Field::new("white_x", "x of the white point, in steps of 0.00002");
        /// White.
        WHITE_Y = Field::new("white_y", "y of the white point, in steps of 0.00002");
        /// Brightest.
        MAX_LUMINANCE = Field::new("max_luminance", "brightest the display can be, in 0.0001 cd/m2");
        /// Darkest.
        MIN_LUMINANCE = Field::new("min_luminance", "darkest the display can be, in 0.0001 cd/m2");
        /// Brightest sample.
        MAX_CLL = Field::new("max_content_light_level", "brightest sample, in cd/m2");
        /// Brightest picture.
        MAX_FALL = Field::new("max_frame_average_light_level", "average of the brightest picture, in cd/m2");
        /// Transfer.
        PREFERRED_TRANSFER = Field::new("preferred_transfer_characteristics", "how light should become numbers")
            .numbers(transfer_name);
        /// Country.
        COUNTRY = Field::new("itu_t_t35_country_code", "country that assigned the provider").numbers(country_name);
        /// Country.
        COUNTRY_EXTENSION = Field::new("itu_t_t35_country_code_extension_byte", "the country, beyond the first 255");
        /// Provider.
        PROVIDER = Field::new("itu_t_t35_provider_code", "who described the data").numbers(provider_name);
        /// Code of the provider.
        ORIENTED_CODE = Field::new("itu_t_t35_terminal_provider_oriented_code", "kind of data, as the provider numbers them");
        /// Application.
        APPLICATION = Field::new("application_identifier", "what the data are for");
        /// Identifier.
        USER_IDENTIFIER = Field::new("user_identifier", "four characters that say what follows").numbers(identifier_name);
        /// Type of user data.
        USER_DATA_TYPE = Field::new("user_data_type_code", "what the data are").numbers(user_data_name);
        /// Data of others.
        T35_DATA = Field::new("t35_data", "data of a provider without public description").content(Content::Undescribed);
        /// Flag.
        EM_FLAG = Field::new("process_em_data_flag", "always 1");
        /// Flag.
        CC_FLAG = Field::new("process_cc_data_flag", "the captions are to be used");
        /// Flag.
        ADDITIONAL = Field::new("additional_data_flag", "more data follow");
        /// Captions.
        CC_COUNT = Field::new("cc_count", "number of caption triples");
        /// Filler.
        EM_DATA = Field::new("em_data", "always ff");
        /// Triple.
        CC = Field::new("cc", "two bytes of captions");
        /// Marker.
        CC_MARKER = Field::new("marker_bits", "always 1");
        /// Valid.
        CC_VALID = Field::new("cc_valid", "the two bytes mean something");
        /// Type.
        CC_TYPE = Field::new("cc_type", "which captions").numbers(cc_type_name);
        /// Data.
        CC_DATA_1 = Field::new("cc_data_1", "first byte");
        /// Data.
        CC_DATA_2 = Field::new("cc_data_2", "second byte");
        /// End.
        CC_END = Field::new("cc_end", "always ff");
        /// Bar.
        BAR_TOP = Field::new("top_bar_flag", "there is a bar at the top");
        /// Bar.
        BAR_BOTTOM = Field::new("bottom_bar_flag", "there is a bar at the bottom");
        /// Bar.
        BAR_LEFT = Field::new("left_bar_flag", "there is a bar at the left");
        /// Bar.
        BAR_RIGHT = Field::new("right_bar_flag", "there is a bar at the right");
        /// Reserved.
        BAR_RESERVED = Field::new("bar_reserved", "always 1111");
        /// Marker.
        BAR_MARKER = Field::new("bar_marker_bits", "always 11");
        /// End.
        BAR_END = Field::new("bar_end", "line or sample where the bar ends");
        /// More.
        BAR_MORE = Field::new("additional_bar_data", "data of versions to come").content(Content::Undescribed);
        /// Zero.
        AFD_ZERO = Field::new("zero_bit", "always 0");
        /// Flag.
        AFD_PRESENT = Field::new("active_format_flag", "the active format follows");
        /// Reserved.
        AFD_RESERVED = Field::new("afd_reserved", "always 000001");
        /// Ones.
        AFD_ONES = Field::new("afd_ones", "always 1111");
        /// Active format.
        ACTIVE_FORMAT = Field::new("active_format", "which part of the picture is in use");
        /// A message that no specification describes.
        PAYLOAD_RESERVED = Field::new("sei_payload_reserved", "a message of a type that is reserved")
            .content(Content::Undescribed);
        /// Buffering.
        IRAP_PARAMETERS = Field::new("irap_cpb_params_present_flag", "delays for a start without leading pictures follow");
        /// Buffering.
        CPB_DELAY_OFFSET = Field::new("cpb_delay_offset", "what to take off delays when leading pictures are missing");
        /// Buffering.
        DPB_DELAY_OFFSET = Field::new("dpb_delay_offset", "what to take off output delays then");
        /// Buffering.
        CONCATENATION = Field::new("concatenation_flag", "the stream was joined here from two");
        /// Buffering.
        REMOVAL_DELTA = Field::new("au_cpb_removal_delay_delta_minus1", "distance of decoding times at the joint, minus 1");
        /// Buffering.
        INITIAL_ALT_DELAY = Field::new("initial_alt_cpb_removal_delay", "the delay without leading pictures");
        /// Buffering.
        INITIAL_ALT_OFFSET = Field::new("initial_alt_cpb_removal_offset", "the offset without leading pictures");
        /// Scan.
        SCAN_TYPE = Field::new("source_scan_type", "how the source was scanned").numbers(scan_name);
        /// Duplicate.
        DUPLICATE = Field::new("duplicate_flag", "the picture repeats the one before");
        /// Delay.
        AU_REMOVAL_DELAY = Field::new("au_cpb_removal_delay_minus1", "how long the picture waits before it is decoded, minus 1");
        /// Delay.
        PIC_OUTPUT_DELAY = Field::new("pic_dpb_output_delay", "how long the picture waits before it is shown");
        /// Delay.
        PIC_OUTPUT_PARTS_DELAY = Field::new("pic_dpb_output_du_delay", "the same, in parts of a tick");
        /// Parts.
        PARTS = Field::new("num_decoding_units_minus1", "parts that are decoded on their own, minus 1");
        /// Parts.
        PARTS_COMMON = Field::new("du_common_cpb_removal_delay_flag", "all parts have one delay");
        /// Parts.
        PART_DELAY = Field::new("du_cpb_removal_delay_increment_minus1", "delay between parts, minus 1");
        /// Parts.
        PART_UNITS = Field::new("num_nalus_in_du_minus1", "units of the part, minus 1");
        /// Active sets.
        ACTIVE_VPS = Field::new("active_video_parameter_set_id", "video parameter set in use");
        /// Active sets.
        SELF_CONTAINED = Field::new("self_contained_cvs_flag", "nothing outside of the stream is needed");
        /// Active sets.
        NO_UPDATE = Field::new("no_parameter_set_update_flag", "parameter sets do not change");
        /// Active sets.
        ACTIVE_SETS = Field::new("num_sps_ids_minus1", "sequence parameter sets in use, minus 1");
        /// Active sets.
        ACTIVE_SPS = Field::new("active_seq_parameter_set_id", "sequence parameter set in use");
        /// Hash.
        HASH_TYPE = Field::new("hash_type", "how the check is computed").numbers(hash_name);
        /// Hash.
        HASH = Field::new("picture_hash", "check of one colour of the decoded picture");
        /// Pan and scan.
        PAN_SCAN_ID = Field::new("pan_scan_rect_id", "number of the rectangles");
        /// Pan and scan.
        PAN_SCAN_CANCEL = Field::new("pan_scan_rect_cancel_flag", "they hold no longer");
        /// Pan and scan.
        PAN_SCAN_COUNT = Field::new("pan_scan_cnt_minus1", "number of rectangles, minus 1");
        /// Pan and scan.
        PAN_SCAN_LEFT = Field::new("pan_scan_rect_left_offset", "left edge, in sixteenths of a sample");
        /// Pan and scan.
        PAN_SCAN_RIGHT = Field::new("pan_scan_rect_right_offset", "right edge, in sixteenths of a sample");
        /// Pan and scan.
        PAN_SCAN_TOP = Field::new("pan_scan_rect_top_offset", "upper edge, in sixteenths of a sample");
        /// Pan and scan.
        PAN_SCAN_BOTTOM = Field::new("pan_scan_rect_bottom_offset", "lower edge, in sixteenths of a sample");
        /// Pan and scan.
        PAN_SCAN_REPETITION = Field::new("pan_scan_rect_repetition_period", "how long they hold");
        /// Pan and scan.
        PAN_SCAN_PERSISTENCE = Field::new("pan_scan_rect_persistence_flag", "they hold until they are changed");
        /// Orientation.
        ORIENTATION_CANCEL = Field::new("display_orientation_cancel_flag", "pictures are shown as they are again");
        /// Orientation.
        FLIP_HORIZONTAL = Field::new("hor_flip", "mirrored from left to right");
        /// Orientation.
        FLIP_VERTICAL = Field::new("ver_flip", "mirrored from top to bottom");
        /// Orientation.
        ROTATION = Field::new("anticlockwise_rotation", "rotation, in steps of 1/65536 of a turn");
        /// Orientation.
        ORIENTATION_REPETITION = Field::new("display_orientation_repetition_period", "how long it holds");
        /// Orientation.
        ORIENTATION_EXTENSION = Field::new("display_orientation_extension_flag", "more data follow");
        /// Orientation.
        ORIENTATION_PERSISTENCE = Field::new("display_orientation_persistence_flag", "it holds until it is changed");
        /// Room.
        AMBIENT_LIGHT = Field::new("ambient_illuminance", "light of the room, in 0.0001 lux");
        /// Room.
        AMBIENT_X = Field::new("ambient_light_x", "x of its colour, in steps of 0.00002");
        /// Room.
        AMBIENT_Y = Field::new("ambient_light_y", "y of its colour, in steps of 0.00002");
    }
}
