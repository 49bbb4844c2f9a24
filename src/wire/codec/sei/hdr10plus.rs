//! HDR10+: how bright a scene is, and how to show it on a darker display (SMPTE ST 2094-40, CTA-861-H annex S).

use crate::field::{Annotate, BitReader, Fault, Field, fields};

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Reads what follows the provider.
pub(super) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.group(&f::HDR10_PLUS, |b| {
        b.u(&f::VERSION, 8)?;
        let windows = b.u(&f::WINDOWS, 2)?;
        for _ in 1..windows {
            b.group(&f::WINDOW, window)?;
        }
        b.u(&f::TARGET, 27)?;
        if b.flag(&f::TARGET_PEAKS)? {
            peaks(b)?;
        }
        for _ in 0..windows {
            b.group(&f::SCENE, scene)?;
        }
        if b.flag(&f::MASTERING_PEAKS)? {
            peaks(b)?;
        }
        for _ in 0..windows {
            if b.flag(&f::TONE_MAPPING)? {
                b.u(&f::KNEE_X, 12)?;
                b.u(&f::KNEE_Y, 12)?;
                for _ in 0..b.u(&f::ANCHORS, 4)? {
                    b.u(&f::ANCHOR, 10)?;
                }
            }
            if b.flag(&f::SATURATION)? {
                b.u(&f::SATURATION_WEIGHT, 6)?;
            }
        }
        Ok(())
    })
}

/// A part of the picture with numbers of its own, and an ellipse in it.
fn window<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    for field in [&f::LEFT, &f::TOP, &f::RIGHT, &f::BOTTOM, &f::CENTRE_X, &f::CENTRE_Y] {
        b.u(field, 16)?;
    }
    b.u(&f::ANGLE, 8)?;
    for field in [&f::AXIS_INNER, &f::AXIS_OUTER, &f::AXIS_MINOR] {
        b.u(field, 16)?;
    }
    b.flag(&f::OVERLAP).map(drop)
}

/// Peaks of a display, in rows and columns.
fn peaks<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    let (rows, columns) = (b.u(&f::ROWS, 5)?, b.u(&f::COLUMNS, 5)?);
    for _ in 0..rows * columns {
        b.u(&f::PEAK, 4)?;
    }
    Ok(())
}

fn scene<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    for _ in 0..3 {
        b.u(&f::MAX_COLOUR, 17)?;
    }
    b.u(&f::AVERAGE, 17)?;
    for _ in 0..b.u(&f::PERCENTILES, 4)? {
        b.u(&f::PERCENTAGE, 7)?;
        b.u(&f::PERCENTILE, 17)?;
    }
    b.u(&f::BRIGHT, 10).map(drop)
}

/// Fields of HDR10+.
pub mod f {
    use super::*;
    fields! {
        /// The whole.
        HDR10_PLUS = Field::new("hdr10_plus", "how bright the scene is, and how to show it on a darker display");
        /// Version.
        VERSION = Field::new("application_version", "version of the data");
        /// Windows.
        WINDOWS = Field::new("num_windows", "parts of the picture with numbers of their own, the whole one among them");
        /// Window.
        WINDOW = Field::new("processing_window", "one of these parts");
        /// Left.
        LEFT = Field::new("window_upper_left_corner_x", "its left edge");
        /// Top.
        TOP = Field::new("window_upper_left_corner_y", "its upper edge");
        /// Right.
        RIGHT = Field::new("window_lower_right_corner_x", "its right edge");
        /// Bottom.
        BOTTOM = Field::new("window_lower_right_corner_y", "its lower edge");
        /// Centre.
        CENTRE_X = Field::new("center_of_ellipse_x", "middle of the ellipse in it");
        /// Centre.
        CENTRE_Y = Field::new("center_of_ellipse_y", "middle of the ellipse in it");
        /// Angle.
        ANGLE = Field::new("rotation_angle", "how the ellipse is turned, in degrees");
        /// Axis.
        AXIS_INNER = Field::new("semimajor_axis_internal_ellipse", "size of the inner ellipse");
        /// Axis.
        AXIS_OUTER = Field::new("semimajor_axis_external_ellipse", "size of the outer ellipse");
        /// Axis.
        AXIS_MINOR = Field::new("semiminor_axis_external_ellipse", "shorter size of the outer ellipse");
        /// Overlap.
        OVERLAP = Field::new("overlap_process_option", "how parts that overlap are put together");
        /// Target.
        TARGET = Field::new("targeted_system_display_maximum_luminance", "brightness of the display it is made for, in 0.0001 cd/m2");
        /// Peaks.
        TARGET_PEAKS = Field::new("targeted_system_display_actual_peak_luminance_flag", "peaks of that display follow");
        /// Rows.
        ROWS = Field::new("num_rows_actual_peak_luminance", "rows of peaks");
        /// Columns.
        COLUMNS = Field::new("num_cols_actual_peak_luminance", "columns of peaks");
        /// Peak.
        PEAK = Field::new("actual_peak_luminance", "a peak, in fifteenths of the brightest");
        /// Scene.
        SCENE = Field::new("scene_luminance", "how bright the scene is");
        /// Brightest.
        MAX_COLOUR = Field::new("maxscl", "brightest red, green or blue, in 0.00001 of the range");
        /// Average.
        AVERAGE = Field::new("average_maxrgb", "average of the brightest colours, in 0.00001 of the range");
        /// Percentiles.
        PERCENTILES = Field::new("num_distribution_maxrgb_percentiles", "points of the distribution");
        /// Percentage.
        PERCENTAGE = Field::new("distribution_maxrgb_percentage", "so many percent of the samples");
        /// Percentile.
        PERCENTILE = Field::new("distribution_maxrgb_percentile", "are not brighter than this, in 0.00001 of the range");
        /// Bright.
        BRIGHT = Field::new("fraction_bright_pixels", "how many samples are very bright, in thousandths");
        /// Peaks.
        MASTERING_PEAKS = Field::new("mastering_display_actual_peak_luminance_flag", "peaks of the mastering display follow");
        /// Tones.
        TONE_MAPPING = Field::new("tone_mapping_flag", "a curve for tones follows");
        /// Knee.
        KNEE_X = Field::new("knee_point_x", "where the curve begins, in 1/4095");
        /// Knee.
        KNEE_Y = Field::new("knee_point_y", "where the curve begins, in 1/4095");
        /// Anchors.
        ANCHORS = Field::new("num_bezier_curve_anchors", "points of the curve");
        /// Anchor.
        ANCHOR = Field::new("bezier_curve_anchor", "a point of the curve, in 1/1023");
        /// Saturation.
        SATURATION = Field::new("color_saturation_mapping_flag", "a weight of colours follows");
        /// Weight.
        SATURATION_WEIGHT = Field::new("color_saturation_weight", "how strong colours become, in eighths");
    }
}
