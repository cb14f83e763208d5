"""The tests' own browser on Debian's WebKitGTK: any size, a profile that stays, and WebKitWebDriver at the wheel.

MiniBrowser, which comes with WebKitGTK, is never narrower than 447 px and keeps nothing.
"""
import argparse

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--profile", required=True)
arguments.add_argument("--languages", required=True)
arguments.add_argument("--dark", action="store_true")
chosen, _ = arguments.parse_known_args()

Gtk.Settings.get_default().set_property("gtk-application-prefer-dark-theme", chosen.dark)

kept = WebKit2.WebsiteDataManager(
    base_data_directory=f"{chosen.profile}/data", base_cache_directory=f"{chosen.profile}/cache"
)
cookies = kept.get_cookie_manager()
cookies.set_persistent_storage(f"{chosen.profile}/cookies.db", WebKit2.CookiePersistentStorage.SQLITE)
context = WebKit2.WebContext.new_with_website_data_manager(kept)
context.set_preferred_languages(chosen.languages.split(","))
context.set_automation_allowed(True)


def open_window(_session=None):
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    settings = view.get_settings()
    # As Safari does: what a person leaves by a link waits for the way back.
    settings.set_enable_page_cache(True)
    # The tests read there what the pages are reproached with.
    settings.set_enable_write_console_messages_to_stdout(True)
    window = Gtk.Window()
    window.set_default_size(1280, 800)
    window.add(view)
    window.show_all()
    view.connect("close", lambda _view: window.destroy())
    return view


def on_started(_context, session):
    about = WebKit2.ApplicationInfo()
    about.set_name("Wicketgate's WebKit")
    session.set_application_info(about)
    session.connect("create-web-view", open_window)


context.connect("automation-started", on_started)
Gtk.main()
