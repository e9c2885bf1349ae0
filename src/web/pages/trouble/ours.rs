//! The words for what stands in the way here: the browser, the time it took, a part of ours.

use crate::web::pages::{Who, Words};

pub(super) fn not_completed() -> Words {
    Words::say(
        "We could not log you in",
        "Something went wrong when we checked your login. You have not been logged in.",
        &[
            "Go back to the application you want to use and log in again.",
            "If it happens again, contact support and give the reference on this page.",
        ],
        Who::Support,
    )
}

pub(super) fn took_too_long() -> Words {
    Words::say(
        "You need to log in again",
        "Your login took too long, or it was used already. You have not been logged in.",
        &[
            "Start again, and finish within a few minutes.",
            "Do not use the Back button while you log in.",
            "If you came from a bookmark of a login page, delete it. Bookmark the application instead.",
        ],
        Who::Yourself,
    )
}

pub(super) fn another_browser() -> Words {
    Words::say(
        "We could not match your login to this browser",
        "You may have started to log in with another browser or window, or this browser may not keep cookies. \
         Cookies are small files that we need to log you in.",
        &[
            "Allow cookies for this website in the settings of your browser.",
            "Start again, and stay in the same browser and window until you are logged in.",
        ],
        Who::Yourself,
    )
}

pub(super) fn logout_not_believed() -> Words {
    Words::say(
        "We did not log you out",
        "Your browser brought us a message about logging out that we cannot use. It may be too old, or it was used \
         already. Nothing was changed.",
        &[
            "If you want to log out, go back to your application and log out there.",
            "On a shared computer, close every window of this browser.",
        ],
        Who::Yourself,
    )
}

pub(super) fn form_expired() -> Words {
    Words::say(
        "This page has expired",
        "Nothing was changed, because the page was open for too long or was opened in another browser.",
        &["Go back, reload the page and try again."],
        Who::Yourself,
    )
}

pub(super) fn unavailable() -> Words {
    Words::say(
        "Sorry, there is a problem with the service",
        "You cannot log in at the moment.",
        &["Wait a few minutes and try again."],
        Who::Support,
    )
}

pub(super) fn too_many() -> Words {
    Words::say(
        "Try again in a minute",
        "Too many logins were started at once. You have not been logged in.",
        &[
            "Wait a minute, then start again.",
            "Close other tabs in which you are trying to log in.",
        ],
        Who::Yourself,
    )
}

pub(super) fn not_found() -> Words {
    Words::say(
        "Page not found",
        "There is no page at this web address.",
        &[
            "If you typed the web address, check it is correct.",
            "If you pasted the web address, check you copied the whole of it.",
        ],
        Who::Support,
    )
}

pub(super) fn too_large() -> Words {
    Words::say(
        "We could not read what was sent",
        "It is larger than this service accepts. You have not been logged in.",
        &[
            "Start again.",
            "If it happens again, contact support. Your account may belong to a very large number of groups.",
        ],
        Who::Support,
    )
}

pub(super) fn wrong_method() -> Words {
    Words::say(
        "This page cannot be opened by itself",
        "Its web address is one step of logging in. It does not work from a bookmark or a link.",
        &["Go to the application you want to use and log in from there."],
        Who::Yourself,
    )
}

pub(super) fn connection_disabled() -> Words {
    Words::say(
        "You cannot log in this way",
        "This way to log in has been switched off.",
        &["Start again and choose another way to log in, if there is one."],
        Who::Support,
    )
}

pub(super) fn return_not_allowed() -> Words {
    Words::say(
        "We cannot send you to that website",
        "The link you followed would have sent you to a website that this service does not know. \
         You have not been sent there.",
        &[
            "Go to the application you want to use from your own bookmark, or type its address.",
            "If the link came in a message you did not expect, report the message to your IT team.",
        ],
        Who::Support,
    )
}

pub(super) fn login_too_old() -> Words {
    Words::say(
        "You need to log in once more",
        "You logged in some time ago, and this service needs to know that it is still you. \
         You have not been logged in.",
        &[
            "Start again, and log in again when the login page asks for it.",
            "If the login page does not ask, close every browser window and start again.",
        ],
        Who::Yourself,
    )
}

pub(super) fn form_not_sent() -> Words {
    Words::say(
        "You need to log in again",
        "You were logged out before you sent this page. What you entered has not been sent.",
        &[
            "Start again, log in and enter it once more.",
            "If the page with what you entered is still open in another tab, copy it from there first.",
        ],
        Who::Yourself,
    )
}

pub(super) fn site_not_set_up() -> Words {
    Words::say(
        "You cannot use this page",
        "This website asked who you are in a way that we do not answer. You have not been let in.",
        &[
            "Check the web address, or open the website from your own bookmark.",
            "If it happens again, contact support and give the reference on this page.",
        ],
        Who::Support,
    )
}
