//! Pixels as a PNG file that says whom to thank.

use png::{BitDepth, ColorType, Encoder};

use super::credit;
use crate::raster::Pixmap;
use crate::util::{Context, Result};

/// The file: 8 bits a channel, with transparency.
pub(super) fn encode(picture: &Pixmap, word: &str) -> Result<Vec<u8>> {
    let failed = "cannot encode the PNG";
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, picture.width(), picture.height());
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    encoder.add_itxt_chunk("Source".into(), credit(word)).context(failed)?;
    // Pixmaps hold colours multiplied by their opacity; PNG files do not.
    let plain: Vec<u8> =
        picture.pixels().iter().map(|pixel| pixel.demultiply()).flat_map(|c| [c.red(), c.green(), c.blue(), c.alpha()]).collect();
    let mut writer = encoder.write_header().context(failed)?;
    writer.write_image_data(&plain).context(failed)?;
    writer.finish().context(failed)?;
    Ok(out)
}
