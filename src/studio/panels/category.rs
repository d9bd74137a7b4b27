//! Which of a model's categories to draw.

use eframe::egui::{ComboBox, Ui};

use crate::studio::action::PlayAction;
use crate::studio::widgets::View;

/// Shows it; true if another one was chosen.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) -> bool {
    let mut category = view.state.play.category.clone();
    let own = "the model's own";
    let shown = if category.is_empty() { own.to_owned() } else { category.clone() };
    let open = view.row(ui, "Category", "Needed only by models that know several.", |ui| {
        let combo = ComboBox::from_id_salt("category").selected_text(shown).width(view.tokens.space(24.0)).show_ui(ui, |ui| {
            ui.selectable_value(&mut category, String::new(), own);
            let mut offer = |name: &String| {
                ui.selectable_value(&mut category, name.clone(), name);
            };
            // Until the model was read, it might know all that there are.
            match view.state.draw.described(&view.state.play) {
                Some(described) => described.categories.iter().for_each(&mut offer),
                None => view.state.library.categories.iter().for_each(|info| offer(&info.name)),
            }
        });
        combo.response.accessible_name("Category");
        combo.inner.is_some()
    });
    if open && view.state.draw.described(&view.state.play).is_none() {
        view.ask(PlayAction::Meet);
    }
    let changed = category != view.state.play.category;
    view.state.play.category = category;
    changed
}
