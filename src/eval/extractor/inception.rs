//! Inception-v3 (2015-12-05), which published FID and KID scores rest on, under two protocols: [`Resizing`].

mod resize;

use std::path::Path;

use super::{Extractor, ExtractorId};
use crate::eval::weights;
use crate::model::Weights;
use crate::model::inception::{FEATURES, InceptionV3};
use crate::raster::{Kaist, Pixmap, Renderer};
use crate::util::Result;

pub use resize::Resizing;

/// The network, with the way that pictures are brought to its size.
#[derive(Debug)]
pub struct Inception {
    id: ExtractorId,
    network: InceptionV3,
    resizing: Resizing,
}

impl Inception {
    /// With the official weights from this file.
    ///
    /// # Errors
    /// No file; a file that is not the official one, byte by byte.
    pub fn open(path: &Path, resizing: Resizing) -> Result<Self> {
        Self::from_weights(&weights::read(path)?, weights::SHA256, resizing)
    }

    /// With weights from elsewhere, whose identity the caller vouches for.
    ///
    /// # Errors
    /// A weight that is missing, has another shape or is not finite.
    pub fn from_weights(weights: &Weights, sha256: &str, resizing: Resizing) -> Result<Self> {
        let id = ExtractorId { name: format!("inception-v3-2015-12-05, {resizing}"), sha256: sha256.to_owned() };
        Ok(Self { id, network: InceptionV3::new(weights)?, resizing })
    }
}

impl Extractor for Inception {
    fn id(&self) -> &ExtractorId {
        &self.id
    }

    fn width(&self) -> usize {
        FEATURES
    }

    fn renderer(&self) -> &(dyn Renderer + Sync) {
        &Kaist
    }

    fn features(&self, pictures: &[Pixmap]) -> Result<Vec<f32>> {
        let mut all = Vec::with_capacity(pictures.len() * FEATURES);
        for picture in pictures {
            all.extend(self.network.features(&self.resizing.prepare(picture))?);
        }
        Ok(all)
    }
}
