//! Where a person was, with which model, what it drew, and what was to be trained.

use eframe::egui::{Context, Id};

use super::keep;
use crate::studio::state::{LastWork, State, Workspace};

/// The workspace's name, the model, what it draws, the categories to train.
type Kept = (String, String, String, Vec<String>);

fn id() -> Id {
    Id::unique("denoodle last work")
}

/// Takes over what was remembered; it is looked for on the disk before it is at hand again.
pub(super) fn recall(ctx: &Context, state: &mut State) {
    if let Some((name, model, category, categories)) = ctx.data_mut(|data| data.get_persisted::<Kept>(id())) {
        let workspace = Workspace::ALL.into_iter().find(|workspace| workspace.name() == name);
        state.last = Some(LastWork { workspace, model, category, categories });
    }
}

/// Remembers it.
pub(super) fn remember(ctx: &Context, state: &State) {
    if let Some(LastWork { workspace: Some(workspace), model, category, categories }) = state.at_hand() {
        keep(ctx, id(), (workspace.name().to_owned(), model, category, categories));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;
    use crate::data::CategoryInfo;
    use crate::session::{Command, Event, Outcome};
    use crate::studio::action::Action;
    use crate::studio::engine::Job;
    use crate::studio::remembered::tests::fresh;
    use crate::studio::state::Effect;

    fn surveyed(models: &[&str]) -> Event {
        let info = |name: &str| CategoryInfo {
            name: name.into(),
            file: Some(PathBuf::from(name)),
            bytes: Some(1),
            official_lines: None,
            split: Some((10, 10)),
            procedural: false,
        };
        let categories = ["bus", "cat"].map(info).into();
        Event::Finished(Outcome::Surveyed { categories, models: models.iter().map(PathBuf::from).collect() })
    }

    #[test]
    fn what_was_at_hand_comes_back_if_it_is_still_there() {
        let ctx = Context::default();
        let mut state = fresh();
        state.apply(Job::Survey, surveyed(&["runs/new", "runs/old"]));
        state.workspace = Workspace::Interpolate;
        (state.play.model, state.play.category) = ("runs/old".into(), "owl".into());
        state.form.chosen = BTreeSet::from(["bus".into(), "owl".into()]);
        remember(&ctx, &state);

        let mut next = fresh();
        recall(&ctx, &mut next);
        remember(&ctx, &next);
        next.apply(Job::Survey, surveyed(&["runs/new", "runs/old"]));
        assert_eq!((next.workspace, next.play.model.as_str()), (Workspace::Interpolate, "runs/old"));
        assert_eq!(next.play.category, "owl");
        assert_eq!(next.form.chosen, BTreeSet::from(["bus".into()]), "there is no owl");

        let mut other = fresh();
        recall(&ctx, &mut other);
        other.apply(Job::Survey, surveyed(&["runs/new"]));
        assert_eq!((other.workspace, other.play.model.as_str()), (Workspace::Interpolate, "runs/new"));
        assert_eq!(other.play.category, "", "it was another model's");
    }

    #[test]
    fn a_shipped_model_of_many_categories_draws_again_what_it_drew() {
        let ctx = Context::default();
        let mut state = fresh();
        state.apply(Job::Survey, surveyed(&["cat", "base"]));
        state.act(Action::UseModel("base".into()));
        state.play.category = "bus".into();
        state.workspace = Workspace::Play;
        remember(&ctx, &state);

        let mut next = fresh();
        recall(&ctx, &mut next);
        let effects = next.apply(Job::Survey, surveyed(&["cat", "base"]));
        let draws =
            |effect: &Effect| matches!(effect, Effect::Start(Job::Draw, Command::Draw(of)) if of.category.as_deref() == Some("bus"));
        assert!(effects.iter().any(draws), "{effects:?}");
    }
}
