/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.settings.WireVersions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a node says of itself in a Join: fixed fields, and settings of which a reader may know none. Any thread. */
final class ProfileCodec {

    /** The two versions and how many settings follow. */
    static final int FIXED_BYTES = 3 * Byte.BYTES;

    static final int SETTING_BYTES = Byte.BYTES + Long.BYTES;

    private ProfileCodec() {}

    static void putFixed(ByteBuffer target, Profile profile) {
        target.put((byte) profile.versions().lowest())
                .put((byte) profile.versions().highest())
                .put((byte) profile.settings().size());
    }

    static void putSettings(ByteBuffer target, Profile profile) {
        profile.settings().forEach(setting -> target.put((byte) setting.code()).putLong(setting.value()));
    }

    static WireVersions getVersions(ByteBuffer in) throws MalformedMessageException {
        WireVersions versions = new WireVersions(Byte.toUnsignedInt(in.get()), Byte.toUnsignedInt(in.get()));
        if (!versions.isRange()) {
            throw MalformedMessageException.FIELD;
        }
        return versions;
    }

    static int getCount(ByteBuffer in) throws MalformedMessageException {
        int count = Byte.toUnsignedInt(in.get());
        if (count > Profile.SETTINGS_MAX) {
            throw MalformedMessageException.COUNT;
        }
        return count;
    }

    /** @param count already found to be small and to fit in what is left */
    static List<Profile.Setting> getSettings(ByteBuffer in, int count) {
        List<Profile.Setting> settings = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            settings.add(new Profile.Setting(Byte.toUnsignedInt(in.get()), in.getLong()));
        }
        return settings;
    }

    static boolean isValid(Profile profile) {
        int before = 0;
        for (Profile.Setting setting : profile.settings()) {
            if (setting.code() <= before || setting.code() > 255 || setting.value() < 0) {
                return false;
            }
            before = setting.code();
        }
        return profile.settings().size() <= Profile.SETTINGS_MAX
                && profile.versions().isRange();
    }
}
