//! The part of the account page that lists the user's sessions.

use leptos::prelude::*;
use model::session::SessionInfo;

use crate::components::post_form::{Fields, PostForm};
use crate::components::problem::{ProblemView, Refusal, refused};
use crate::components::users::plain_agent;
use crate::fns::session::{EndOtherSessions, EndSession, list_sessions};
use crate::resource::read;
use crate::ui::{
    ActionsCell, Badge, Button, Cell, Glyph, Header, RelativeTime, Section, SkeletonLines, Table, Tone,
};

/// Lists all sessions of the user. The current one is marked. Each of the others has a button that ends it.
#[component]
pub fn SessionsSection() -> impl IntoView {
    let end = ServerAction::<EndSession>::new();
    let end_others = ServerAction::<EndOtherSessions>::new();
    let sessions = read(move || (end.version().get(), end_others.version().get()), |_| list_sessions());
    // An attempt replaces the refusal of an earlier one of the other kind.
    Effect::new(move || {
        if end.pending().get() {
            end_others.clear();
        }
        if end_others.pending().get() {
            end.clear();
        }
    });
    let failed =
        refused(move || end.value().get().filter(Result::is_err).or_else(|| end_others.value().get()));
    view! {
        <Section
            id="sessions"
            title="Sessions"
            flush=true
            sentence="Browsers in which you are signed in. If you do not recognize one, end its session and change your password."
        >
            <Refusal error=failed/>
            <Transition fallback=|| view! { <SkeletonLines/> }>
                {move || sessions.get().map(|listed| match listed {
                    Ok(list) => view! { <Sessions list end end_others/> }.into_any(),
                    Err(error) => {
                        view! { <ProblemView error on_retry=move |()| sessions.refetch()/> }.into_any()
                    }
                })}
            </Transition>
        </Section>
    }
}

#[component]
fn Sessions(
    list: Vec<SessionInfo>,
    end: ServerAction<EndSession>,
    end_others: ServerAction<EndOtherSessions>,
) -> impl IntoView {
    let has_others = list.len() > 1;
    let rows = list.into_iter().map(|session| view! { <SessionRow session end/> }).collect_view();
    view! {
        <Table label="Your sessions">
            <thead>
                <tr>
                    <Header label="Browser"/>
                    <Header label="Address"/>
                    <Header label="Signed in"/>
                    <Header label="Last seen"/>
                    <Header label="Actions" hidden=true/>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
        {has_others.then(|| view! {
            <div class="section-foot">
                <PostForm action=end_others read=|_| Some(EndOtherSessions {})>
                    <Button submit=true icon=Glyph::SignOut loading=end_others.pending()>"End all other sessions"</Button>
                </PostForm>
            </div>
        })}
    }
}

#[component]
fn SessionRow(session: SessionInfo, end: ServerAction<EndSession>) -> impl IntoView {
    let SessionInfo { session_id, created_at, last_seen_at, address, agent, is_current } = session;
    let browser = plain_agent(agent.as_deref());
    let name = format!("End the session in {browser}");
    let action = if is_current {
        view! { <Badge tone=Tone::Success icon=Glyph::Check>"This browser"</Badge> }.into_any()
    } else {
        view! {
            <PostForm action=end read=read_end_session>
                <input type="hidden" name="session_id" value=session_id.to_string()/>
                <Button submit=true small=true label=name>"End"</Button>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <Cell label=""><span title=agent>{browser}</span></Cell>
            <Cell label="Address"><span class="mono">{address.unwrap_or_else(|| "Unknown".to_owned())}</span></Cell>
            <Cell label="Signed in"><RelativeTime at=created_at/></Cell>
            <Cell label="Last seen"><RelativeTime at=last_seen_at/></Cell>
            <ActionsCell>{action}</ActionsCell>
        </tr>
    }
}

fn read_end_session(fields: &Fields) -> Option<EndSession> {
    Some(EndSession { session_id: fields.text("session_id").parse().ok()? })
}
