//! Comma-separated values (RFC 4180), with everything that a number rests on in its row.

use crate::eval::scores::{Scores, Versus};

/// One row a score, list and seed; an absent score has one with its reason.
pub fn scores_csv(all: &[&Scores]) -> String {
    let head = "category,origin,origin_sha256,protocol,extractor,extractor_sha256,renderer,width,data_sha256,split_sha256,against,score,\
                seed,value,interval_low,interval_high,deviation,mean,spread,floor,floor_low,floor_high,floor_count,of_real,real,generated,\
                rank_deficient,absent";
    let mut out = vec![head.to_owned()];
    for (scores, versus) in lists(all) {
        let (file, sha256) = scores.origin.file();
        let basis = &scores.basis;
        let first: Vec<String> = vec![
            scores.category.clone(),
            file.to_owned(),
            sha256.to_owned(),
            basis.protocol.to_string(),
            basis.extractor.name.clone(),
            basis.extractor.sha256.clone(),
            basis.renderer.clone(),
            basis.width.to_string(),
            scores.data.sha256.clone(),
            scores.data.split_sha256.clone(),
            versus.against.key().to_owned(),
        ];
        for score in &versus.scores {
            let floor = score.floor;
            let last = vec![
                number(score.mean),
                number(score.spread),
                number(floor.map(|floor| floor.value)),
                number(floor.and_then(|floor| floor.interval).map(|ends| ends[0])),
                number(floor.and_then(|floor| floor.interval).map(|ends| ends[1])),
                floor.map_or(String::new(), |floor| floor.count.to_string()),
                number(score.of_real),
                score.real.to_string(),
                score.generated.to_string(),
                score.rank_deficient.to_string(),
                score.absent.clone().unwrap_or_default(),
            ];
            let mut row = |middle: [String; 5]| {
                let key = std::iter::once(score.kind.explained().key.to_owned());
                out.push(line(first.iter().cloned().chain(key).chain(middle).chain(last.iter().cloned())));
            };
            if score.runs.is_empty() {
                row(Default::default());
            }
            for run in &score.runs {
                let ends = run.interval;
                row([
                    run.seed.map_or(String::new(), |seed| seed.to_string()),
                    number(Some(run.value)),
                    number(ends.map(|ends| ends[0])),
                    number(ends.map(|ends| ends[1])),
                    number(run.deviation),
                ]);
            }
        }
    }
    out.join("\r\n") + "\r\n"
}

/// One row a characteristic and list.
pub fn characteristics_csv(all: &[&Scores]) -> String {
    let mut out = vec!["category,origin,against,characteristic,real_mean,generated_mean,distance,spread,floor,real,generated".to_owned()];
    for (scores, versus) in lists(all) {
        for one in &versus.characteristics {
            let row = [
                scores.category.clone(),
                scores.origin.file().0.to_owned(),
                versus.against.key().to_owned(),
                one.name.clone(),
                number(one.real_mean),
                number(one.generated_mean),
                number(one.distance),
                number(one.spread),
                number(one.floor),
                versus.real.to_string(),
                scores.generated.to_string(),
            ];
            out.push(line(row));
        }
    }
    out.join("\r\n") + "\r\n"
}

/// One row a bar of the characteristics' histograms.
pub fn histograms_csv(all: &[&Scores]) -> String {
    let mut out = vec!["category,origin,against,characteristic,from,to,real_share,generated_share".to_owned()];
    for (scores, versus) in lists(all) {
        for one in &versus.characteristics {
            if let Some(histogram) = &one.histogram {
                for ((edges, real), generated) in histogram.edges.windows(2).zip(&histogram.real).zip(&histogram.generated) {
                    let row = [
                        scores.category.clone(),
                        scores.origin.file().0.to_owned(),
                        versus.against.key().to_owned(),
                        one.name.clone(),
                        number(Some(edges[0])),
                        number(Some(edges[1])),
                        number(Some(*real)),
                        number(Some(*generated)),
                    ];
                    out.push(line(row));
                }
            }
        }
    }
    out.join("\r\n") + "\r\n"
}

fn lists<'a>(all: &[&'a Scores]) -> Vec<(&'a Scores, &'a Versus)> {
    all.iter().flat_map(|scores| scores.lists().map(move |versus| (*scores, versus))).collect()
}

pub(super) fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

pub(super) fn line(cells: impl IntoIterator<Item = String>) -> String {
    cells.into_iter().map(|cell| quoted(&cell)).collect::<Vec<_>>().join(",")
}

/// In quotation marks where it must be.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_row_is_quoted() {
        assert_eq!(line(["a,b", "say \"x\"", "two\nlines", "plain"].map(str::to_owned)), "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",plain");
    }
}
