//! The tree of tabs and panes as stored in the settings.

use crate::gui::tabs::Pane;
use crate::model::SessionId;
use crate::settings::Layout;
use egui::Id;
use egui_tiles::{Container, Linear, LinearDir, Tile, TileId, Tiles, Tree};

/// The layout of the tabs; `None` if all are in one bar. `place`: the index of a session among the stored ones.
pub fn layout(tree: &Tree<Pane>, place: &dyn Fn(SessionId) -> Option<usize>) -> Option<Layout> {
    let layout = part(tree, tree.root()?, place)?;
    (!matches!(layout, Layout::Tabs { .. })).then_some(layout)
}

fn part(tree: &Tree<Pane>, tile: TileId, place: &dyn Fn(SessionId) -> Option<usize>) -> Option<Layout> {
    let session = |tile: &TileId| tree.tiles.get_pane(tile).and_then(|id| place(*id));
    match tree.tiles.get(tile)? {
        Tile::Pane(id) => place(*id).map(|front| Layout::Tabs { sessions: vec![front], front }),
        Tile::Container(Container::Tabs(tabs)) => {
            let sessions: Vec<usize> = tabs.children.iter().filter_map(session).collect();
            let front = tabs.active.as_ref().and_then(session).or(sessions.first().copied())?;
            Some(Layout::Tabs { sessions, front })
        }
        Tile::Container(Container::Linear(linear)) => {
            let child = |child: &TileId| Some((linear.shares[*child], part(tree, *child, place)?));
            joined(linear.dir, linear.children.iter().filter_map(child).collect())
        }
        Tile::Container(Container::Grid(grid)) => {
            let child = |child: &TileId| Some((1.0, part(tree, *child, place)?));
            joined(LinearDir::Horizontal, grid.children().filter_map(child).collect())
        }
    }
}

/// Joins parts to a split. One part needs no split; no part gives `None`.
fn joined(dir: LinearDir, mut parts: Vec<(f32, Layout)>) -> Option<Layout> {
    if parts.len() < 2 {
        return parts.pop().map(|(_, part)| part);
    }
    Some(match dir {
        LinearDir::Horizontal => Layout::Row(parts),
        LinearDir::Vertical => Layout::Column(parts),
    })
}

/// The tree of these sessions; the layout must [fit](Layout::fits) them.
pub fn laid_out(layout: &Layout, ids: &[SessionId]) -> Tree<Pane> {
    let mut tiles = Tiles::default();
    match insert(layout, ids, &mut tiles) {
        Some(root) => Tree::new(Id::unique("sessions"), root, tiles),
        None => Tree::empty(Id::unique("sessions")),
    }
}

fn insert(layout: &Layout, ids: &[SessionId], tiles: &mut Tiles<Pane>) -> Option<TileId> {
    let (dir, parts) = match layout {
        Layout::Tabs { sessions, front } => {
            let panes: Vec<(usize, TileId)> =
                sessions.iter().filter_map(|at| Some((*at, tiles.insert_pane(*ids.get(*at)?)))).collect();
            let active = panes.iter().find(|(at, _)| at == front).or(panes.first())?.1;
            let mut tabs = egui_tiles::Tabs::new(panes.into_iter().map(|(_, tile)| tile).collect());
            tabs.set_active(active);
            return Some(tiles.insert_container(tabs));
        }
        Layout::Row(parts) => (LinearDir::Horizontal, parts),
        Layout::Column(parts) => (LinearDir::Vertical, parts),
    };
    let children: Vec<(f32, TileId)> =
        parts.iter().filter_map(|(share, part)| Some((*share, insert(part, ids, tiles)?))).collect();
    let mut linear = Linear::new(dir, children.iter().map(|(_, tile)| *tile).collect());
    for (share, tile) in children {
        linear.shares.set_share(tile, share);
    }
    (!linear.children.is_empty()).then(|| tiles.insert_container(linear))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::tabs::{in_front, order};

    #[test]
    fn a_layout_round_trips_through_a_tree() {
        let ids: Vec<SessionId> = [7, 8, 9, 11].map(SessionId).to_vec();
        let tabs = |sessions: &[usize], front| Layout::Tabs { sessions: sessions.to_vec(), front };
        let column = Layout::Column(vec![(1.0, tabs(&[2], 2)), (3.0, tabs(&[3], 3))]);
        let wanted = Layout::Row(vec![(2.0, tabs(&[0, 1], 1)), (1.0, column)]);
        let tree = laid_out(&wanted, &ids);
        assert_eq!((order(&tree), in_front(&tree)), (ids.clone(), ids[1..].to_vec()));
        let place = |id| ids.iter().position(|at| *at == id);
        assert_eq!(layout(&tree, &place), Some(wanted));
        // Sessions that are not stored leave no empty bars.
        let rest = |id: SessionId| (id.0 < 9).then(|| id.0 as usize - 7);
        assert_eq!(layout(&tree, &rest), None);
        assert_eq!(layout(&laid_out(&tabs(&[0, 1], 0), &ids), &place), None);
    }
}
