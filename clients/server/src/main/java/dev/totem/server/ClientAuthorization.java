/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Message;

/**
 * What a client may do with a group. Asked on the threads of the server, before anything is ordered; must not block. Who may not
 * is told so, and nothing else happens.
 */
public interface ClientAuthorization {

    /** Whether it may be a member, who is shown the messages to the group. */
    boolean mayJoin(ClientIdentity client, GroupName group);

    /** Whether it may send to the group. */
    boolean maySend(ClientIdentity client, GroupName group);

    /** Whether it may see who is in the group without being in it. */
    boolean mayRead(ClientIdentity client, GroupName group);

    /**
     * Whether it may send to a member as such, whatever groups that is in ({@link Message#to(MemberId, MemberId...)}). Default:
     * no, because permissions for groups say nothing of it.
     */
    default boolean mayAddress(ClientIdentity client, MemberId member) {
        return false;
    }

    /** Everything for processes of the same user, nothing for others. */
    static ClientAuthorization sameUser() {
        return new ClientAuthorization() {
            @Override
            public boolean mayJoin(ClientIdentity client, GroupName group) {
                return client.kind() == ClientIdentity.Kind.USER;
            }

            @Override
            public boolean maySend(ClientIdentity client, GroupName group) {
                return client.kind() == ClientIdentity.Kind.USER;
            }

            @Override
            public boolean mayRead(ClientIdentity client, GroupName group) {
                return client.kind() == ClientIdentity.Kind.USER;
            }

            @Override
            public boolean mayAddress(ClientIdentity client, MemberId member) {
                return client.kind() == ClientIdentity.Kind.USER;
            }
        };
    }
}
