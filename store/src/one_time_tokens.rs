//! One-time tokens: first setup, invitations and new passwords. Only the hash of a token is stored.

use model::Timestamp;
use model::audit::AuditAction;
use model::id::{AccountId, OrganizationId, UserId};
use model::time::CLOCK_SKEW_SECONDS;

use crate::db::{Connection, Tx, run};
use crate::stored_email::StoredEmail;
use crate::{Result, decode};

/// What a one-time token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Creates the first organization and its admin.
    Setup,
    /// Lets an existing user sign in to the console with a password of their choice.
    Invitation,
    /// Sets a new password for an address.
    Reset,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Setup, Self::Invitation, Self::Reset].into_iter().find(|purpose| purpose.as_str() == word)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    pub purpose: Purpose,
    /// The invited user. For a new password, the user who gets access to the console with it.
    pub user_id: Option<UserId>,
    /// The folded address whose password is replaced. An invitation has it if the user can sign in already. An earlier
    /// version of the program refuses such an invitation.
    pub email_folded: Option<String>,
    pub created_at: Timestamp,
    /// Exclusive.
    pub expires_at: Timestamp,
}

pub async fn insert(tx: &mut Tx, link: &OneTimeToken, token_hash: &[u8; 32]) -> Result<()> {
    const SQL: &str = "INSERT INTO links (token_hash, purpose, user_id, created_at, expires_at, email_folded) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    let OneTimeToken { purpose, user_id, email_folded, created_at, expires_at } = link;
    run!(
        tx,
        SQL,
        [
            token_hash.as_slice(),
            purpose.as_str(),
            user_id.as_ref().map(UserId::as_str),
            created_at.micros(),
            expires_at.micros(),
            email_folded.as_deref(),
        ],
        execute
    )?;
    Ok(())
}

/// Finds a token that is valid. A token whose creation lies in the future was created by a server whose clock was
/// ahead. It is refused, because it would be valid for too long.
pub async fn find(
    db: &mut impl Connection,
    token_hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<OneTimeToken>> {
    const SQL: &str = "SELECT purpose, user_id, email_folded, created_at, expires_at FROM links \
        WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 AND created_at <= $4";
    let latest = now.plus_seconds(CLOCK_SKEW_SECONDS);
    let purpose = purpose.as_str();
    run!(db, SQL, [token_hash.as_slice(), purpose, now.micros(), latest.micros()], fetch_optional::<Row>)?
        .map(OneTimeToken::try_from)
        .transpose()
}

/// Deletes a valid token and returns it. If two callers try at once, only one gets it.
pub async fn consume(
    tx: &mut Tx,
    token_hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<OneTimeToken>> {
    const SQL: &str = "DELETE FROM links WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 \
        AND created_at <= $4 RETURNING purpose, user_id, email_folded, created_at, expires_at";
    let latest = now.plus_seconds(CLOCK_SKEW_SECONDS);
    let purpose = purpose.as_str();
    run!(tx, SQL, [token_hash.as_slice(), purpose, now.micros(), latest.micros()], fetch_optional::<Row>)?
        .map(OneTimeToken::try_from)
        .transpose()
}

/// Deletes all tokens for the first setup.
pub async fn delete_setup(tx: &mut Tx) -> Result<()> {
    run!(tx, "DELETE FROM links WHERE purpose = 'setup'", [], execute)?;
    Ok(())
}

/// Deletes all invitations of a user.
pub async fn delete_of_user(tx: &mut Tx, user: &UserId) -> Result<()> {
    run!(tx, "DELETE FROM links WHERE user_id = $1 AND purpose = 'invitation'", [user.as_str()], execute)?;
    Ok(())
}

/// Deletes all invitations of the users who sign in with an account.
pub async fn delete_of_account(tx: &mut Tx, account: &AccountId) -> Result<()> {
    const SQL: &str = "DELETE FROM links WHERE purpose = 'invitation' \
        AND user_id IN (SELECT u.user_id FROM users u WHERE u.account_id = $1)";
    run!(tx, SQL, [account.as_str()], execute)?;
    Ok(())
}

/// Deletes the invitations that an admin has made and that no later one has replaced. The audit log says who made them:
/// the operator's links for new passwords are in it too, but are none of these.
pub async fn delete_made_by(tx: &mut Tx, organization: &OrganizationId, admin: &UserId) -> Result<()> {
    const SQL: &str = "DELETE FROM links WHERE purpose = 'invitation' AND user_id IN \
        (SELECT e.resource_id FROM audit_events e WHERE e.organization_id = $1 AND e.actor_id = $2 \
         AND e.action IN ($3, $4) AND NOT EXISTS (SELECT 1 FROM audit_events l \
         WHERE l.organization_id = $1 AND l.resource_id = e.resource_id AND l.number > e.number \
         AND (l.action = $3 OR l.action = $4 AND l.actor_kind = 'user')))";
    let invited = AuditAction::InvitationCreated.as_str();
    let reset = AuditAction::PasswordResetCreated.as_str();
    run!(tx, SQL, [organization.as_str(), admin.as_str(), invited, reset], execute)?;
    Ok(())
}

/// As [`delete_resets`], but leaves those by which a member joins who has not joined yet.
pub async fn delete_resets_of_joined(tx: &mut Tx, email: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM links WHERE email_folded IN ($1, $2) AND purpose = 'reset' AND (user_id IS NULL \
        OR user_id IN (SELECT u.user_id FROM users u WHERE u.account_id IS NOT NULL))";
    let StoredEmail { given, folded } = StoredEmail::of(email);
    run!(tx, SQL, [&given, &folded], execute)?;
    Ok(())
}

/// Deletes all tokens for a new password of an address.
pub async fn delete_resets(tx: &mut Tx, email: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM links WHERE email_folded IN ($1, $2) AND purpose = 'reset'";
    let StoredEmail { given, folded } = StoredEmail::of(email);
    run!(tx, SQL, [&given, &folded], execute)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    purpose: String,
    user_id: Option<String>,
    email_folded: Option<String>,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<Row> for OneTimeToken {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row { purpose, user_id, email_folded, created_at, expires_at } = row;
        Ok(Self {
            purpose: decode::word(Purpose::from_word(&purpose), "a one-time token's purpose")?,
            user_id: decode::optional_text(user_id, "an invited member")?,
            email_folded,
            created_at: Timestamp::from_micros(created_at),
            expires_at: Timestamp::from_micros(expires_at),
        })
    }
}
