//! Which blocks there are, of which sizes, and what their weights are called.

use super::blocks::{Block, Branch, Step};
use super::{Geometry, Source};
use crate::model::ops::Pool;
use crate::util::Result;

/// A convolution of a branch: the end of its name, the channels that it gives, its window, every how many pixels.
type Spec<'a> = (&'a str, usize, [usize; 2], usize);

/// All blocks in order. The first one is the stem: a single branch.
pub(super) fn blocks(source: &mut Source<'_, '_>) -> Result<Vec<Block>> {
    let mut all = vec![Block(vec![stem(source)?])];
    for (name, inputs, pooled) in [("Mixed_5b", 192, 32), ("Mixed_5c", 256, 64), ("Mixed_5d", 288, 64)] {
        all.push(fine(source, name, inputs, pooled)?);
    }
    all.push(halve_fine(source)?);
    for (name, inner) in [("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192)] {
        all.push(middle(source, name, inner)?);
    }
    all.push(halve_middle(source)?);
    for (name, inputs, pool) in [("Mixed_7b", 1280, Pool::Mean), ("Mixed_7c", 2048, Pool::Max)] {
        all.push(coarse(source, name, inputs, pool)?);
    }
    Ok(all)
}

impl Source<'_, '_> {
    /// One convolution. A stride of 1 keeps height and width.
    fn step(&mut self, block: &str, inputs: usize, (end, outputs, kernel, stride): Spec<'_>) -> Result<Step> {
        let padding = if stride == 1 { kernel.map(|side| side / 2) } else { [0, 0] };
        Ok(Step::Conv(self.conv(&format!("{block}.{end}"), [inputs, outputs], Geometry { kernel, stride, padding })?))
    }

    /// Convolutions one after another.
    fn branch(&mut self, block: &str, mut inputs: usize, specs: &[Spec<'_>]) -> Result<Branch> {
        let mut branch = Branch::new();
        for spec in specs {
            branch.push(self.step(block, inputs, *spec)?);
            inputs = spec.1;
        }
        Ok(branch)
    }

    /// A pool and a convolution of what it gives.
    fn pooled(&mut self, block: &str, inputs: usize, pool: Pool, outputs: usize) -> Result<Branch> {
        Ok(vec![Step::Pool(pool), self.step(block, inputs, ("branch_pool", outputs, [1, 1], 1))?])
    }
}

/// (299, 299, 3) -> (35, 35, 192)
fn stem(source: &mut Source<'_, '_>) -> Result<Branch> {
    let conv = |source: &mut Source<'_, '_>, name: &str, channels, side, stride, padding| {
        let geometry = Geometry { kernel: [side; 2], stride, padding: [padding; 2] };
        source.conv(name, channels, geometry).map(Step::Conv)
    };
    Ok(vec![
        conv(source, "Conv2d_1a_3x3", [3, 32], 3, 2, 0)?,   // (149, 149, 32)
        conv(source, "Conv2d_2a_3x3", [32, 32], 3, 1, 0)?,  // (147, 147, 32)
        conv(source, "Conv2d_2b_3x3", [32, 64], 3, 1, 1)?,  // (147, 147, 64)
        Step::Pool(Pool::HalveMax),                         // (73, 73, 64)
        conv(source, "Conv2d_3b_1x1", [64, 80], 1, 1, 0)?,  // (73, 73, 80)
        conv(source, "Conv2d_4a_3x3", [80, 192], 3, 1, 0)?, // (71, 71, 192)
        Step::Pool(Pool::HalveMax),                         // (35, 35, 192)
    ])
}

/// (35, 35, in) -> (35, 35, 224 + pooled)
fn fine(source: &mut Source<'_, '_>, name: &str, inputs: usize, pooled: usize) -> Result<Block> {
    let triple = [("branch3x3dbl_1", 64, [1, 1], 1), ("branch3x3dbl_2", 96, [3, 3], 1), ("branch3x3dbl_3", 96, [3, 3], 1)];
    Ok(Block(vec![
        source.branch(name, inputs, &[("branch1x1", 64, [1, 1], 1)])?,
        source.branch(name, inputs, &[("branch5x5_1", 48, [1, 1], 1), ("branch5x5_2", 64, [5, 5], 1)])?,
        source.branch(name, inputs, &triple)?,
        source.pooled(name, inputs, Pool::Mean, pooled)?,
    ]))
}

/// (35, 35, 288) -> (17, 17, 768)
fn halve_fine(source: &mut Source<'_, '_>) -> Result<Block> {
    let (name, inputs) = ("Mixed_6a", 288);
    let triple = [("branch3x3dbl_1", 64, [1, 1], 1), ("branch3x3dbl_2", 96, [3, 3], 1), ("branch3x3dbl_3", 96, [3, 3], 2)];
    Ok(Block(vec![
        source.branch(name, inputs, &[("branch3x3", 384, [3, 3], 2)])?,
        source.branch(name, inputs, &triple)?,
        vec![Step::Pool(Pool::HalveMax)],
    ]))
}

/// (17, 17, 768) -> (17, 17, 768), with so many channels inside.
fn middle(source: &mut Source<'_, '_>, name: &str, inner: usize) -> Result<Block> {
    let inputs = 768;
    let triple = [("branch7x7_1", inner, [1, 1], 1), ("branch7x7_2", inner, [1, 7], 1), ("branch7x7_3", 192, [7, 1], 1)];
    let quintuple = [
        ("branch7x7dbl_1", inner, [1, 1], 1),
        ("branch7x7dbl_2", inner, [7, 1], 1),
        ("branch7x7dbl_3", inner, [1, 7], 1),
        ("branch7x7dbl_4", inner, [7, 1], 1),
        ("branch7x7dbl_5", 192, [1, 7], 1),
    ];
    Ok(Block(vec![
        source.branch(name, inputs, &[("branch1x1", 192, [1, 1], 1)])?,
        source.branch(name, inputs, &triple)?,
        source.branch(name, inputs, &quintuple)?,
        source.pooled(name, inputs, Pool::Mean, 192)?,
    ]))
}

/// (17, 17, 768) -> (8, 8, 1280)
fn halve_middle(source: &mut Source<'_, '_>) -> Result<Block> {
    let (name, inputs) = ("Mixed_7a", 768);
    let quadruple = [
        ("branch7x7x3_1", 192, [1, 1], 1),
        ("branch7x7x3_2", 192, [1, 7], 1),
        ("branch7x7x3_3", 192, [7, 1], 1),
        ("branch7x7x3_4", 192, [3, 3], 2),
    ];
    Ok(Block(vec![
        source.branch(name, inputs, &[("branch3x3_1", 192, [1, 1], 1), ("branch3x3_2", 320, [3, 3], 2)])?,
        source.branch(name, inputs, &quadruple)?,
        vec![Step::Pool(Pool::HalveMax)],
    ]))
}

/// (8, 8, in) -> (8, 8, 2048)
fn coarse(source: &mut Source<'_, '_>, name: &str, inputs: usize, pool: Pool) -> Result<Block> {
    // A window across and one down, side by side.
    let fork = |source: &mut Source<'_, '_>, stem: &str| -> Result<Step> {
        let prong = |source: &mut Source<'_, '_>, end: &str, kernel: [usize; 2]| {
            let geometry = Geometry { kernel, stride: 1, padding: kernel.map(|side| side / 2) };
            source.conv(&format!("{name}.{stem}{end}"), [384, 384], geometry)
        };
        Ok(Step::Fork(vec![prong(source, "a", [1, 3])?, prong(source, "b", [3, 1])?]))
    };
    let one = source.branch(name, inputs, &[("branch1x1", 320, [1, 1], 1)])?;
    let mut two = source.branch(name, inputs, &[("branch3x3_1", 384, [1, 1], 1)])?;
    two.push(fork(source, "branch3x3_2")?);
    let mut three = source.branch(name, inputs, &[("branch3x3dbl_1", 448, [1, 1], 1), ("branch3x3dbl_2", 384, [3, 3], 1)])?;
    three.push(fork(source, "branch3x3dbl_3")?);
    Ok(Block(vec![one, two, three, source.pooled(name, inputs, pool, 192)?]))
}
