/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

/** The keys of a {@link SealSession} by their numbers in the key file, ordered from old to new. Node loop only. */
public interface SealKeys {

    /** What a suite without keys has. */
    SealKeys NONE = new SealKeys() {

        @Override
        public int sealing() {
            return 0;
        }

        @Override
        public boolean has(int id) {
            return false;
        }

        @Override
        public boolean isNewer(int id) {
            return false;
        }

        @Override
        public void refresh() {}

        @Override
        public void sealWith(int id) {
            throw new IllegalArgumentException("a suite without keys has no key " + id);
        }

        @Override
        public void retireOlder() {}

        @Override
        public int newestHeard() {
            return 0;
        }

        @Override
        public int lastLacked() {
            return 0;
        }
    };

    /** The key that frames are sealed with now; 0 with a suite without keys. */
    int sealing();

    /** Whether frames that are sealed with a key open. */
    boolean has(int id);

    /** Whether a key that there is comes after the one that seals. */
    boolean isNewer(int id);

    /** Takes in the keys that {@link DatagramSeal#reload()} has read. */
    void refresh();

    /** Seals with a key that there is from now on; frames sealed with the one before still open. */
    void sealWith(int id);

    /** Forgets the keys before the one that seals: their frames do not open any more. */
    void retireOlder();

    /** Whether the key that seals has been used for as long, or as much, as it was meant to be. */
    default boolean isDue() {
        return false;
    }

    /** The key after the one that seals; 0 if there is none. */
    default int next() {
        return 0;
    }

    /** The newest key that a live member has sealed with; 0 before any. */
    int newestHeard();

    /** The key that the last frame refused with {@link OpenFailure#OTHER_KEY} claims; 0 before any. */
    int lastLacked();
}
