//! The members of `onMetaData`: Adobe Flash Video File Format 10.1 annex E.5, Enhanced RTMP, and what encoders, servers
//! and injectors add.

use crate::field::{Field, Unit, fields};
use crate::wire::audio;
use crate::wire::fourcc::FourCc;
use crate::wire::video;

/// Fields of `onMetaData`.
pub mod f {
    use super::*;
    fields! {
        /// The object.
        METADATA = Field::new("metadata", "properties of the stream").members(&[
            &DURATION, &WIDTH, &HEIGHT, &VIDEO_DATA_RATE, &AUDIO_DATA_RATE, &FRAME_RATE, &VIDEO_FRAME_RATE,
            &VIDEO_CODEC_ID, &AUDIO_CODEC_ID, &AUDIO_SAMPLE_RATE, &AUDIO_SAMPLE_SIZE, &STEREO, &AUDIO_DELAY, &FILE_SIZE,
            &FILE_SIZE_OBS, &CREATION_DATE, &CAN_SEEK_TO_END, &ENCODER, &AUDIO_CHANNELS, &LAYOUT_2_1, &LAYOUT_3_1,
            &LAYOUT_4_0, &LAYOUT_4_1, &LAYOUT_5_1, &LAYOUT_7_1, &KEYFRAMES, &HAS_VIDEO, &HAS_AUDIO, &HAS_METADATA,
            &HAS_KEYFRAMES, &DATA_SIZE, &VIDEO_SIZE, &AUDIO_SIZE, &LAST_TIMESTAMP, &LAST_KEYFRAME_TIMESTAMP,
            &LAST_KEYFRAME_LOCATION, &AVC_PROFILE, &AVC_LEVEL, &AAC_AOT, &MOOV_POSITION, &TRACK_INFO, &CHAPTERS, &TAGS,
            &AUDIO_DEVICE, &AUDIO_INPUT_VOLUME, &PRESET_NAME, &VIDEO_DEVICE, &KEYFRAME_FREQUENCY, &FMLE_VERSION,
            &AUDIO_TRACKS, &VIDEO_TRACKS,
        ]);
        /// Duration.
        DURATION = Field::new("duration", "length of the stream; 0 or missing when live").unit(Unit::Seconds);
        /// Width.
        WIDTH = Field::new("width", "width of the picture").unit(Unit::Pixels);
        /// Height.
        HEIGHT = Field::new("height", "height of the picture").unit(Unit::Pixels);
        /// Video bit rate.
        VIDEO_DATA_RATE = Field::new("videodatarate", "bit rate of the video").unit(Unit::Kilobits);
        /// Audio bit rate.
        AUDIO_DATA_RATE = Field::new("audiodatarate", "bit rate of the audio").unit(Unit::Kilobits);
        /// Frame rate.
        FRAME_RATE = Field::new("framerate", "pictures a second").unit(Unit::FramesPerSecond);
        /// Frame rate in old files.
        VIDEO_FRAME_RATE = Field::new("videoframerate", "pictures a second, in old files").unit(Unit::FramesPerSecond);
        /// Video codec.
        VIDEO_CODEC_ID = Field::new("videocodecid", "codec of the video: its number, or its FourCC as a number or text")
            .numbers(video_codec_name);
        /// Audio codec.
        AUDIO_CODEC_ID = Field::new("audiocodecid", "codec of the audio: its number, or its FourCC as a number or text")
            .numbers(audio_codec_name);
        /// Sample rate.
        AUDIO_SAMPLE_RATE = Field::new("audiosamplerate", "samples a second").unit(Unit::Hertz);
        /// Sample size.
        AUDIO_SAMPLE_SIZE = Field::new("audiosamplesize", "size of a sample").unit(Unit::Bits);
        /// Stereo.
        STEREO = Field::new("stereo", "true for two channels");
        /// Audio delay.
        AUDIO_DELAY = Field::new("audiodelay", "delay of the audio").unit(Unit::Seconds);
        /// File size.
        FILE_SIZE = Field::new("filesize", "size of the file").unit(Unit::Bytes);
        /// File size in the spelling of OBS.
        FILE_SIZE_OBS = Field::new("fileSize", "size of the file, in the spelling of OBS").unit(Unit::Bytes);
        /// Creation date.
        CREATION_DATE = Field::new("creationdate", "when the file was made");
        /// Last frame is a key frame.
        CAN_SEEK_TO_END = Field::new("canSeekToEnd", "true when the last picture is a key frame");
        /// Encoder.
        ENCODER = Field::new("encoder", "software that wrote the stream");
        /// Audio channels.
        AUDIO_CHANNELS = Field::new("audiochannels", "number of channels");
        /// Layout 2.1.
        LAYOUT_2_1 = Field::new("2.1", "true for the channel layout 2.1");
        /// Layout 3.1.
        LAYOUT_3_1 = Field::new("3.1", "true for the channel layout 3.1");
        /// Layout 4.0.
        LAYOUT_4_0 = Field::new("4.0", "true for the channel layout 4.0");
        /// Layout 4.1.
        LAYOUT_4_1 = Field::new("4.1", "true for the channel layout 4.1");
        /// Layout 5.1.
        LAYOUT_5_1 = Field::new("5.1", "true for the channel layout 5.1");
        /// Layout 7.1.
        LAYOUT_7_1 = Field::new("7.1", "true for the channel layout 7.1");
        /// Key frames.
        KEYFRAMES = Field::new("keyframes", "where the key frames are").members(&[&TIMES, &FILE_POSITIONS]);
        /// Times of key frames.
        TIMES = Field::new("times", "times of the key frames").unit(Unit::Seconds);
        /// Places of key frames.
        FILE_POSITIONS = Field::new("filepositions", "places of the key frames in the file").unit(Unit::Bytes);
        /// Has video.
        HAS_VIDEO = Field::new("hasVideo", "true when there is video");
        /// Has audio.
        HAS_AUDIO = Field::new("hasAudio", "true when there is audio");
        /// Has metadata.
        HAS_METADATA = Field::new("hasMetadata", "true when there is metadata");
        /// Has key frames.
        HAS_KEYFRAMES = Field::new("hasKeyframes", "true when there are key frames");
        /// Data size.
        DATA_SIZE = Field::new("datasize", "size of the data").unit(Unit::Bytes);
        /// Video size.
        VIDEO_SIZE = Field::new("videosize", "size of the video").unit(Unit::Bytes);
        /// Audio size.
        AUDIO_SIZE = Field::new("audiosize", "size of the audio").unit(Unit::Bytes);
        /// Last timestamp.
        LAST_TIMESTAMP = Field::new("lasttimestamp", "time of the last tag");
        /// Last key frame.
        LAST_KEYFRAME_TIMESTAMP = Field::new("lastkeyframetimestamp", "time of the last key frame");
        /// Place of the last key frame.
        LAST_KEYFRAME_LOCATION = Field::new("lastkeyframelocation", "place of the last key frame in the file")
            .unit(Unit::Bytes);
        /// AVC profile.
        AVC_PROFILE = Field::new("avcprofile", "profile of the AVC video");
        /// AVC level.
        AVC_LEVEL = Field::new("avclevel", "level of the AVC video");
        /// AAC object type.
        AAC_AOT = Field::new("aacaot", "audio object type of the AAC audio");
        /// Place of the moov box.
        MOOV_POSITION = Field::new("moovposition", "place of the moov box in the MP4 file").unit(Unit::Bytes);
        /// Tracks of the MP4 file.
        TRACK_INFO = Field::new("trackinfo", "tracks of the MP4 file");
        /// Chapters.
        CHAPTERS = Field::new("chapters", "chapters of the MP4 file");
        /// Tags.
        TAGS = Field::new("tags", "tags of the MP4 file");
        /// Audio device.
        AUDIO_DEVICE = Field::new("audiodevice", "device that recorded the sound");
        /// Input volume.
        AUDIO_INPUT_VOLUME = Field::new("audioinputvolume", "volume of the recording");
        /// Preset.
        PRESET_NAME = Field::new("presetname", "settings of the encoder");
        /// Video device.
        VIDEO_DEVICE = Field::new("videodevice", "device that recorded the pictures");
        /// Key frame frequency.
        KEYFRAME_FREQUENCY = Field::new("videokeyframe_frequency", "how often key frames come");
        /// FMLE version.
        FMLE_VERSION = Field::new("fmleversion", "version of Flash Media Live Encoder");
        /// Audio tracks.
        AUDIO_TRACKS = Field::new("audioTrackIdInfoMap", "properties of further audio tracks, by track number")
            .others(&TRACK);
        /// Video tracks.
        VIDEO_TRACKS = Field::new("videoTrackIdInfoMap", "properties of further video tracks, by track number")
            .others(&TRACK);
        /// A track.
        TRACK = Field::new("track", "properties of one track").members(&[
            &WIDTH, &HEIGHT, &VIDEO_DATA_RATE, &VIDEO_CODEC_ID, &AUDIO_DATA_RATE, &CHANNELS, &SAMPLE_RATE, &AUDIO_CODEC_ID,
        ]);
        /// Channels of a track.
        CHANNELS = Field::new("channels", "number of channels");
        /// Sample rate of a track.
        SAMPLE_RATE = Field::new("samplerate", "samples a second").unit(Unit::Hertz);
    }
}

fn video_codec_name(id: u64) -> Option<&'static str> {
    video::codec_name(id).or_else(|| fourcc_name(id))
}

fn audio_codec_name(id: u64) -> Option<&'static str> {
    audio::format_name(id).or_else(|| fourcc_name(id))
}

fn fourcc_name(id: u64) -> Option<&'static str> {
    FourCc::from_number(u32::try_from(id).ok()?).name()
}
