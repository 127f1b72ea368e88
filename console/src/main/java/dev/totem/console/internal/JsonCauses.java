/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.totem.core.ChangeCause;
import dev.totem.core.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The field {@code causes} of a change of the configuration.
 *
 * @param json where it is written, in an object
 * @param isInWords whether each cause has the field {@code text}, too
 */
public record JsonCauses(JsonGenerator json, boolean isInWords) {

    /** Nothing if there are none. */
    public void write(List<ChangeCause> causes) throws IOException {
        if (causes.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("causes");
        for (ChangeCause cause : causes) {
            json.writeStartObject();
            json.writeStringField("kind", cause.kind());
            node("at", cause.seenBy());
            fields(cause);
            if (isInWords) {
                json.writeStringField("text", cause.toString());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void fields(ChangeCause cause) throws IOException {
        if (cause instanceof ChangeCause.TokenLost lost) {
            node("last", lost.lastHeard());
            json.writeNumberField("copies", lost.copies());
            millis(lost.age());
        } else if (cause instanceof ChangeCause.MemberSilent silent) {
            node("node", silent.member());
            millis(silent.silence());
            json.writeBooleanField("heard", silent.isHeard());
        } else if (cause instanceof ChangeCause.MemberLeft left) {
            node("node", left.member());
        } else if (cause instanceof ChangeCause.FailedToReceive deaf) {
            node("node", deaf.member());
        } else if (cause instanceof ChangeCause.ForeignRing foreign) {
            node("node", foreign.heard());
        } else if (cause instanceof ChangeCause.NewLife again) {
            node("node", again.member());
        } else if (cause instanceof ChangeCause.Paused paused) {
            millis(paused.length());
        } else if (cause instanceof ChangeCause.CommitLost lost) {
            json.writeObjectFieldStart("ring");
            node("rep", lost.ring().representative());
            json.writeNumberField("seq", lost.ring().seq());
            json.writeEndObject();
        } else if (cause instanceof ChangeCause.SettingsDiffer differ) {
            node("node", differ.other());
            json.writeStringField("setting", differ.setting());
            json.writeStringField("ours", differ.ours());
            json.writeStringField("theirs", differ.theirs());
        } else if (cause instanceof ChangeCause.KeyUnknown unknown) {
            json.writeStringField(
                    "why", unknown.why().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    private void node(String name, NodeId node) throws IOException {
        json.writeNumberField(name, node.value());
    }

    private void millis(Duration time) throws IOException {
        json.writeNumberField("millis", time.toMillis());
    }
}
