/// The boot loader files of the built-in bootenvs.
extension BuiltIn {
    static let pxelinux = """
        default disk
        prompt 0
        timeout 1
        label disk
          {{.Param "pxelinux-local-boot"}}

        """

    /// Leaving iPXE makes the firmware try its next boot device.
    static let ipxe = """
        #!ipxe
        exit

        """

    /// A machine's own script, by hardware address and then by IP address, or else the next boot device.
    static let ipxeByAddress = """
        #!ipxe
        chain {{.ProvisionerURL}}/${netX/mac}.ipxe || chain {{.ProvisionerURL}}/${netX/ip}.ipxe || exit

        """

    /// A machine's own configuration, by hardware address and then by IP address, or else its disk.
    static let grubByAddress = """
        for name in "$net_default_mac" "$net_default_ip"; do
          if [ -s "(tftp)/grub/$name.cfg" ]; then
            configfile "(tftp)/grub/$name.cfg"
          fi
        done

        """ + grub

    /// Boots the first loader that an installed system has left behind.
    static let grub = """
        if [ "$grub_platform" = "pc" ]; then
          set root=(hd0)
          chainloader +1
          boot
        fi
        for loader in \\
          /efi/microsoft/boot/bootmgfw.efi \\
          /efi/debian/grubx64.efi /efi/ubuntu/grubx64.efi /efi/redhat/grubx64.efi /efi/centos/grubx64.efi \\
          /efi/rocky/grubx64.efi /efi/almalinux/grubx64.efi /efi/fedora/grubx64.efi /efi/opensuse/grubx64.efi \\
          /efi/debian/grubaa64.efi /efi/ubuntu/grubaa64.efi /efi/redhat/grubaa64.efi \\
          /efi/boot/bootx64.efi /efi/boot/bootaa64.efi; do
          if search --no-floppy --set=disk --file "$loader"; then
            chainloader "($disk)$loader"
            boot
          fi
        done
        echo "No system found on the local disks; trying again in two minutes."
        sleep 120
        reboot

        """
}
