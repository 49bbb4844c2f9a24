//! The picture parameter set of VVC (H.266 section 7.3.2.5).

use crate::field::{Annotate, BitReader, Fault, Field};
use crate::wire::codec::nal::f as unit;

mod fields;
pub use fields::f;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Larger pictures than any level allows.
const LARGEST: u32 = 1 << 16;

/// More slices than any level allows.
const MOST_SLICES: u32 = 1000;

/// More columns, or rows, of tiles than any level allows.
const MOST_TILES: usize = 64;

/// What the flags of the set say that later ones ask for.
struct Layout {
    width: u32,
    height: u32,
    divided: bool,
}

/// Reads what follows the header of the unit.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::PPS_ID, 6)?;
    b.u(&f::SPS_ID, 4)?;
    b.flag(&f::MIXED)?;
    let (width, height) = (b.ue_to(&f::WIDTH, LARGEST)?, b.ue_to(&f::HEIGHT, LARGEST)?);
    if b.flag(&f::WINDOW)? {
        for field in [&f::LEFT, &f::RIGHT, &f::TOP, &f::BOTTOM] {
            b.ue(field)?;
        }
    }
    if b.flag(&f::SCALING_WINDOW)? {
        for field in [&f::SCALING_LEFT, &f::SCALING_RIGHT, &f::SCALING_TOP, &f::SCALING_BOTTOM] {
            b.se(field)?;
        }
    }
    b.flag(&f::OUTPUT_FLAG)?;
    let divided = !b.flag(&f::NOT_DIVIDED)?;
    if b.flag(&f::SUBPICTURE_IDS)? {
        let last = if divided { b.ue_to(&f::SUBPICTURES, MOST_SLICES)? } else { 0 };
        let bits = b.ue_to(&f::SUBPICTURE_ID_LENGTH, 15)? + 1;
        for _ in 0..=last {
            b.u(&f::SUBPICTURE_ID, bits)?;
        }
    }
    let layout = Layout { width, height, divided };
    if divided {
        b.group(&f::PARTITION, |b| partition(b, &layout))?;
    }
    rest(b, &layout)?;
    if b.flag(&f::EXTENSION)? {
        b.rest(&unit::EXTENSION_DATA);
    } else {
        b.trailing(&unit::TRAILING);
    }
    Ok(())
}

/// Columns or rows of tiles: how many, and their sizes in blocks.
struct Tiles {
    sizes: [u32; MOST_TILES],
    count: u32,
}

impl Tiles {
    /// The sizes that are told; the last of them repeats until `blocks` are divided.
    fn read<A: Annotate>(
        b: &mut Bits<'_, '_, A>,
        field: &'static Field,
        told: u32,
        blocks: u32,
    ) -> Result<Tiles, Fault> {
        let mut tiles = Tiles { sizes: [0; MOST_TILES], count: 0 };
        let (mut left, mut size) = (blocks, 1);
        while tiles.count < told || left > 0 {
            if tiles.count < told {
                size = b.ue_to(field, LARGEST)? + 1;
            }
            let Some(slot) = tiles.sizes.get_mut(tiles.count as usize) else {
                return Err(b.malformed(&"more tiles than any level allows"));
            };
            *slot = size.min(left);
            left = left.saturating_sub(size);
            tiles.count += 1;
        }
        Ok(tiles)
    }
}

/// Tiles, and slices in them.
fn partition<A: Annotate>(b: &mut Bits<'_, '_, A>, layout: &Layout) -> Result<(), Fault> {
    let block = 1 << (b.u(&f::CTU_SIZE, 2)? + 5);
    let most = MOST_TILES as u32 - 1;
    let (columns, rows) = (b.ue_to(&f::TILE_COLUMNS, most)? + 1, b.ue_to(&f::TILE_ROWS, most)? + 1);
    let columns = Tiles::read(b, &f::TILE_WIDTH, columns, layout.width.div_ceil(block))?;
    let rows = Tiles::read(b, &f::TILE_HEIGHT, rows, layout.height.div_ceil(block))?;
    let mut rectangles = true;
    if columns.count * rows.count > 1 {
        b.flag(&f::FILTER_TILES)?;
        rectangles = b.flag(&f::RECTANGLES)?;
    }
    let single = !rectangles || b.flag(&f::SINGLE_SLICE)?;
    let mut slices = 0;
    if !single {
        slices = b.ue_to(&f::SLICES, MOST_SLICES)?;
        let jumps = slices > 1 && b.flag(&f::TILE_JUMPS)?;
        self::slices(b, slices, jumps, &columns, &rows)?;
    }
    if single || slices > 0 {
        b.flag(&f::FILTER_SLICES)?;
    }
    Ok(())
}

/// Rectangular slices: all but the last say which tiles they cover, or which part of a tile.
fn slices<A: Annotate>(
    b: &mut Bits<'_, '_, A>,
    last: u32,
    jumps: bool,
    columns: &Tiles,
    rows: &Tiles,
) -> Result<(), Fault> {
    let (mut tile, mut slice, mut height) = (0u32, 0, 0);
    while slice < last {
        let (x, y) = (tile % columns.count, tile / columns.count);
        let Some(&blocks) = rows.sizes.get(y as usize).filter(|_| y < rows.count) else {
            return Err(b.malformed(&"slices beyond the last tile"));
        };
        let most = MOST_TILES as u32;
        let width = if x + 1 < columns.count { b.ue_to(&f::SLICE_WIDTH, most)? } else { 0 };
        if y + 1 == rows.count {
            height = 0;
        } else if jumps || x == 0 {
            height = b.ue_to(&f::SLICE_HEIGHT, most)?;
        }
        if width == 0 && height == 0 && blocks > 1 {
            slice += in_tile(b, blocks)? - 1;
        }
        if slice < last {
            if jumps {
                tile = (i64::from(tile) + b.se(&f::TILE_JUMP)?).clamp(0, i64::from(LARGEST)) as u32;
            } else {
                tile += width + 1;
                if tile.is_multiple_of(columns.count) {
                    tile += height * columns.count;
                }
            }
        }
        slice += 1;
    }
    Ok(())
}

/// Slices that are parts of one tile of so many rows of blocks: heights that are told, the last of which repeats.
fn in_tile<A: Annotate>(b: &mut Bits<'_, '_, A>, blocks: u32) -> Result<u32, Fault> {
    let told = b.ue_to(&f::SLICES_IN_TILE, blocks - 1)?;
    if told == 0 {
        return Ok(1);
    }
    let (mut left, mut size) = (blocks, 1);
    for _ in 0..told {
        size = b.ue_to(&f::SLICE_ROWS, LARGEST)? + 1;
        left = left.saturating_sub(size);
    }
    Ok(told + left.div_ceil(size))
}

/// What headers say, and how pictures are quantised and filtered.
fn rest<A: Annotate>(b: &mut Bits<'_, '_, A>, layout: &Layout) -> Result<(), Fault> {
    b.flag(&f::CABAC_INIT)?;
    b.ue(&f::REFERENCES)?;
    b.ue(&f::REFERENCES)?;
    b.flag(&f::LIST_INDEX)?;
    let weighted = [b.flag(&f::WEIGHTED)?, b.flag(&f::WEIGHTED_BOTH)?].contains(&true);
    if b.flag(&f::WRAPAROUND)? {
        b.ue(&f::WRAPAROUND_OFFSET)?;
    }
    b.se(&f::INIT_QP)?;
    b.flag(&f::CU_QP)?;
    let chroma = b.flag(&f::CHROMA_OFFSETS)?;
    if chroma {
        b.se(&f::CB_QP)?;
        b.se(&f::CR_QP)?;
        let joint = b.flag(&f::JOINT_QP_PRESENT)?;
        if joint {
            b.se(&f::JOINT_QP)?;
        }
        b.flag(&f::SLICE_CHROMA_QP)?;
        if b.flag(&f::CHROMA_QP_LISTS)? {
            for _ in 0..=b.ue_to(&f::CHROMA_QP_LIST_LENGTH, 5)? {
                b.se(&f::CB_QP_ENTRY)?;
                b.se(&f::CR_QP_ENTRY)?;
                if joint {
                    b.se(&f::JOINT_QP_ENTRY)?;
                }
            }
        }
    }
    if b.flag(&f::DEBLOCKING)? {
        let overridden = b.flag(&f::DEBLOCKING_OVERRIDE)?;
        let off = b.flag(&f::DEBLOCKING_OFF)?;
        if layout.divided && overridden {
            b.flag(&f::DEBLOCKING_IN_HEADER)?;
        }
        if !off {
            b.se(&f::LUMA_BETA)?;
            b.se(&f::LUMA_TC)?;
            if chroma {
                for field in [&f::CB_BETA, &f::CB_TC, &f::CR_BETA, &f::CR_TC] {
                    b.se(field)?;
                }
            }
        }
    }
    if layout.divided {
        let lists = b.flag(&f::LISTS_IN_HEADER)?;
        b.flag(&f::SAO_IN_HEADER)?;
        b.flag(&f::ALF_IN_HEADER)?;
        if weighted && lists {
            b.flag(&f::WEIGHTS_IN_HEADER)?;
        }
        b.flag(&f::QP_IN_HEADER)?;
    }
    b.flag(&f::PICTURE_HEADER_EXTENSION)?;
    b.flag(&f::SLICE_HEADER_EXTENSION).map(drop)
}
