/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.site;

import java.io.IOException;

/** What all pages have around them. */
final class Layout {

    private final Navigation navigation;
    private final String template;
    private final String style;

    Layout(Navigation navigation) throws IOException {
        this.navigation = navigation;
        template = Resources.text("page.html");
        style = Resources.text("style.css");
    }

    String html(Navigation.Entry entry, Page page) {
        return template.replace("{{style}}", style)
                .replace("{{title}}", escaped(page.title()))
                .replace("{{navigation}}", navigation(entry, page))
                .replace("{{page}}", page.html());
    }

    private String navigation(Navigation.Entry current, Page page) {
        StringBuilder html = new StringBuilder();
        navigation.sections().forEach((heading, entries) -> {
            html.append("<p>").append(escaped(heading)).append("</p>\n<ul>\n");
            for (Navigation.Entry entry : entries) {
                boolean here = entry.equals(current);
                html.append("<li><a href=\"").append(entry.address()).append('"');
                html.append(here ? " aria-current=\"page\">" : ">");
                html.append(escaped(entry.name())).append("</a>");
                html.append(here ? sections(page) : "").append("</li>\n");
            }
            html.append("</ul>\n");
        });
        return html.toString();
    }

    private static String sections(Page page) {
        StringBuilder html = new StringBuilder("<ul>\n");
        for (Page.Section section : page.sections()) {
            html.append("<li><a href=\"#").append(section.anchor()).append("\">");
            html.append(escaped(section.heading())).append("</a></li>\n");
        }
        return html.append("</ul>").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
