//! A block of the network: branches that look at the same picture, their channels one behind the other.

use crate::model::ops::{Conv2d, Map, Pool};
use crate::util::{Error, Result};

/// One thing that a branch does.
#[derive(Debug)]
pub(super) enum Step {
    Conv(Conv2d),
    /// Several convolutions of the same input, their channels one behind the other.
    Fork(Vec<Conv2d>),
    Pool(Pool),
}

impl Step {
    /// The border that what it reads must have at least.
    fn border(&self) -> [usize; 2] {
        match self {
            Self::Conv(conv) => conv.border(),
            Self::Fork(convs) => [0, 1].map(|axis| convs.iter().map(|conv| conv.border()[axis]).max().unwrap_or(0)),
            Self::Pool(_) => [0, 0],
        }
    }

    /// Height, width and channels of what it gives.
    fn dims(&self, x: [usize; 3]) -> Result<[usize; 3]> {
        match self {
            Self::Conv(conv) => Ok(conv.dims(x)?),
            Self::Fork(convs) => {
                let [height, width, _] = convs.first().ok_or_else(|| Error::new("a fork without prongs"))?.dims(x)?;
                Ok([height, width, convs.iter().map(Conv2d::outputs).sum()])
            }
            Self::Pool(pool) => Ok(pool.dims(x)?),
        }
    }

    /// The result, into the channels of `out` from `first` on.
    fn write(&self, x: &Map, out: &mut Map, first: usize) -> Result<()> {
        match self {
            Self::Conv(conv) => Ok(conv.write(x, out, first)?),
            Self::Fork(convs) => {
                let mut first = first;
                for conv in convs {
                    conv.write(x, out, first)?;
                    first += conv.outputs();
                }
                Ok(())
            }
            Self::Pool(pool) => Ok(pool.write(x, out, first)?),
        }
    }
}

/// Steps one after another.
pub(super) type Branch = Vec<Step>;

/// Branches side by side.
#[derive(Debug)]
pub(super) struct Block(pub Vec<Branch>);

impl Block {
    /// Every branch's last step writes its channels into their place.
    pub fn forward(&self, x: &Map) -> Result<Map> {
        let mut shapes = Vec::with_capacity(self.0.len());
        for branch in &self.0 {
            shapes.push(branch.iter().try_fold(x.dims(), |dims, step| step.dims(dims))?);
        }
        let Some([height, width, _]) = shapes.first().copied() else { return Err(Error::new("a block without branches")) };
        let mut out = Map::any(height, width, shapes.iter().map(|shape| shape[2]).sum(), [0, 0]);
        let mut first = 0;
        for (branch, shape) in self.0.iter().zip(shapes) {
            let Some((last, before)) = branch.split_last() else { return Err(Error::new("a branch without steps")) };
            let mut inner: Option<Map> = None;
            for (i, step) in before.iter().enumerate() {
                let from = inner.as_ref().unwrap_or(x);
                let [height, width, channels] = step.dims(from.dims())?;
                let mut to = Map::any(height, width, channels, branch[i + 1].border());
                step.write(from, &mut to, 0)?;
                inner = Some(to);
            }
            last.write(inner.as_ref().unwrap_or(x), &mut out, first)?;
            first += shape[2];
        }
        Ok(out)
    }
}
