//! The field table of video messages.

use super::codec::{avc_packet_name, codec_name, command_name, frame_name, picture_name, size_code_name};
use crate::field::{Content, Field, Unit, fields};

/// Fields of video messages.
pub mod f {
    use super::*;
    fields! {
        /// The whole message.
        VIDEO = Field::new("video", "a picture, or what decoding pictures needs");
        /// Frame type.
        FRAME_TYPE = Field::new("frame_type", "what kind of picture it is").numbers(frame_name);
        /// Codec.
        CODEC = Field::new("codec_id", "how pictures are coded").numbers(codec_name);
        /// AVC packet type.
        AVC_PACKET = Field::new("avc_packet_type", "what follows").numbers(avc_packet_name);
        /// Composition time.
        COMPOSITION_TIME = Field::new("composition_time", "presentation time minus decoding time; may be negative")
            .unit(Unit::Milliseconds);
        /// Command.
        COMMAND = Field::new("video_command", "a command instead of a picture").numbers(command_name);
        /// Start code of a Sorenson picture.
        START_CODE = Field::new("picture_start_code", "always 1");
        /// Version of Sorenson H.263.
        H263_VERSION = Field::new("h263_version", "0 or 1");
        /// Temporal reference.
        TEMPORAL_REFERENCE = Field::new("temporal_reference", "place of the picture in time, modulo 256");
        /// Size code.
        SIZE_CODE = Field::new("size_code", "size of the picture, or how it is given").numbers(size_code_name);
        /// Width.
        WIDTH = Field::new("width", "width of the picture").unit(Unit::Pixels);
        /// Height.
        HEIGHT = Field::new("height", "height of the picture").unit(Unit::Pixels);
        /// Height without its last bit.
        HEIGHT_HIGH = Field::new("height_high", "height of the picture, upper 15 bits");
        /// Last bit of the height.
        HEIGHT_LOW = Field::new("height_low", "height of the picture, lowest bit");
        /// Picture type.
        PICTURE_TYPE = Field::new("picture_type", "what kind of picture it is").numbers(picture_name);
        /// What follows in the last byte.
        MORE_BITS = Field::new("more_bits", "bits of the picture that are not decoded");
        /// Width of a block.
        BLOCK_WIDTH = Field::new("block_width", "width of a block in units of 16 pixels, minus 1");
        /// Height of a block.
        BLOCK_HEIGHT = Field::new("block_height", "height of a block in units of 16 pixels, minus 1");
        /// Horizontal adjustment.
        CUT_WIDTH = Field::new("horizontal_adjustment", "taken off the coded width").unit(Unit::Pixels);
        /// Vertical adjustment.
        CUT_HEIGHT = Field::new("vertical_adjustment", "taken off the coded height").unit(Unit::Pixels);
        /// Where the alpha data is.
        ALPHA_OFFSET = Field::new("alpha_offset", "where the alpha data begins").unit(Unit::Bytes);
        /// Everything after the header.
        PAYLOAD = Field::new("payload", "the picture, or the decoder configuration").content(Content::Media);
        /// VP6: kind of picture.
        VP6_INTER = Field::new("vp6_inter_frame", "the picture needs others");
        /// VP6: quantiser.
        VP6_QUANTISER = Field::new("vp6_quantiser", "how coarsely the picture is coded");
        /// VP6: coefficients.
        VP6_SEPARATED = Field::new("vp6_separated_coefficients", "coefficients stand in a second part");
        /// VP6: version.
        VP6_VERSION = Field::new("vp6_sub_version", "version of the bit stream");
        /// VP6: profile.
        VP6_PROFILE = Field::new("vp6_filter_header", "profile: 0 for the simple one");
        /// VP6: fields.
        VP6_INTERLACED = Field::new("vp6_interlaced", "the picture is made of two fields");
        /// VP6: offset.
        VP6_OFFSET = Field::new("vp6_coefficient_offset", "where the second part begins").unit(Unit::Bytes);
        /// VP6: rows.
        VP6_ROWS = Field::new("vp6_rows", "height that is coded, in blocks of 16 pixels");
        /// VP6: columns.
        VP6_COLUMNS = Field::new("vp6_columns", "width that is coded, in blocks of 16 pixels");
        /// VP6: rows.
        VP6_SHOWN_ROWS = Field::new("vp6_display_rows", "height that is shown, in blocks of 16 pixels");
        /// VP6: columns.
        VP6_SHOWN_COLUMNS = Field::new("vp6_display_columns", "width that is shown, in blocks of 16 pixels");
    }
}
