//! What codecs put into media messages: decoder configurations and the headers of coded frames.

pub mod audio;
