//! Sketch features: what this project's own classifier of drawings sees.

use std::path::Path;

use candle_core::{Device, Tensor};

use super::{Classifier, Extractor, ExtractorId};
use crate::model::sketch_net::{ink, patch_tensor, patches};
use crate::model::{SketchFile, SketchInfo, SketchNet};
use crate::raster::{Pixmap, Renderer, Studio};
use crate::util::digest::sha256;
use crate::util::{Context, Error, Result};

/// What the program is shipped with: trained by this project, see its card beside it.
const SHIPPED: &[u8] = include_bytes!("../../../assets/models/sketch-features.safetensors");

/// The sketch network, ready to look at pictures.
pub struct SketchFeatures {
    id: ExtractorId,
    info: SketchInfo,
    renderer: Studio,
    network: SketchNet,
    /// The decision's weight, a row a class, and its bias: for features that come from a cache.
    decide: (Vec<Vec<f64>>, Vec<f64>),
}

impl SketchFeatures {
    /// From a file that `denoodle features train` wrote.
    ///
    /// # Errors
    /// A file that is not there, or not of that kind.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).context_at("cannot read the sketch features", path)?;
        Self::parse(&bytes).map_err(|e| e.at(path))
    }

    /// Those that the program is shipped with.
    ///
    /// # Errors
    /// None that a person could cause.
    pub fn shipped() -> Result<Self> {
        Self::parse(SHIPPED)
    }

    /// From such a file's bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let file = SketchFile::parse(bytes)?;
        let network = file.network(&Device::Cpu)?;
        let (weight, bias) = network.decision();
        let weight = weight.t()?.to_vec2::<f32>()?; // (classes, features)
        let wide = |row: Vec<f32>| row.into_iter().map(f64::from).collect::<Vec<f64>>();
        let decide = (weight.into_iter().map(wide).collect(), wide(bias.to_vec1()?));
        let id = ExtractorId { name: format!("sketch features, {} categories", file.info.categories.len()), sha256: sha256(bytes) };
        let renderer = file.info.picture.renderer();
        Ok(Self { id, info: file.info, renderer, network, decide })
    }

    /// What the file says of itself: its training, its accuracy.
    pub fn info(&self) -> &SketchInfo {
        &self.info
    }
}

impl Extractor for SketchFeatures {
    fn id(&self) -> &ExtractorId {
        &self.id
    }

    fn width(&self) -> usize {
        self.info.network.features()
    }

    fn renderer(&self) -> &(dyn Renderer + Sync) {
        &self.renderer
    }

    fn features(&self, pictures: &[Pixmap]) -> Result<Vec<f32>> {
        let side = self.info.picture.side;
        let mut all = Vec::with_capacity(pictures.len() * (side * side) as usize);
        for picture in pictures {
            if (picture.width(), picture.height()) != (side, side) {
                let what = format!("a picture of {} x {} pixels for features of {side} x {side}", picture.width(), picture.height());
                return Err(Error::new(what));
            }
            patches(&ink(picture.data()), side as usize, &mut all);
        }
        if pictures.is_empty() {
            return Ok(Vec::new());
        }
        let seen: Tensor = patch_tensor(all, side as usize, &Device::Cpu)?; // (pictures, places, places, 16)
        Ok(self.network.features(&seen)?.flatten_all()?.to_vec1()?)
    }

    fn classifier(&self) -> Option<&dyn Classifier> {
        Some(self)
    }
}

impl Classifier for SketchFeatures {
    fn classes(&self) -> &[String] {
        &self.info.categories
    }

    fn logits(&self, features: &[f64]) -> Vec<f64> {
        let (weight, bias) = &self.decide;
        let one = |(row, bias): (&Vec<f64>, &f64)| row.iter().zip(features).map(|(w, v)| w * v).sum::<f64>() + bias;
        weight.iter().zip(bias).map(one).collect()
    }
}
