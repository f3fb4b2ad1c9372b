using System.Globalization;
using System.Security.Cryptography;
using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Layers;
using LayerStore.Metadata;
using LayerStore.Volumes;

namespace LayerStore.Containers;

/// <summary>Makes containers: the layer's row, the layer, its sync, and then one durable transaction that makes the container exist.</summary>
internal sealed class ContainerCreation(StoreMetadata metadata, LayerCollection layers, ImageCollection images, IStorageDriver driver, LayerOwner owner, VolumeCollection volumes, ContainerMounting mounting)
{
    /// <summary>Makes a container; when this returns, a power cut does not take it away.</summary>
    public ContainerRecord Create(ContainerOptions options)
    {
        if (options.Name is { } wanted)
            ContainerName.Validate(wanted);
        RefuseLimit(options.Size);
        var inner = MountSpecification.ParseAll(options.Mounts);
        var image = options.Image is null ? null : FindImage(options.Image);
        var chain = image?.Record.TopLayer is { } top ? metadata.Layers.Chain(top) : [];
        var layer = LayerId.New();
        var name = metadata.Database.Write(transaction =>
        {
            RefuseVanished(transaction, image, options.Image);
            var free = options.Name is null ? Generate(transaction) : RefuseTaken(transaction, options.Name);
            LayerRecords.InsertPreparing(
                transaction, layer, LayerPurpose.Container, image?.Record.TopLayer, chainId: default, diffId: default, chain.Count, owner.In(transaction));
            return free;
        }, durable: false);
        var made = new List<string>();
        try
        {
            var container = new ContainerRecord
            {
                Id = RandomNumberGenerator.GetHexString(64, lowercase: true),
                Name = name,
                ImageName = image?.Name ?? "",
                ImageId = image?.Record.Id,
                Command = image is null ? "" : ContainerCommand.Of(image.Record.Config),
                Created = DateTime.UtcNow,
                Layer = layer,
                ImageSize = image?.Record.Size ?? 0,
                Parent = image?.Record.TopLayer,
                SizeLimit = options.Size ?? driver.DefaultQuota?.MaxBytes,
            };
            driver.Prepare(layer, LayerPurpose.Container, LayerCollection.Visible(chain));
            if (options.Size is { } size)
                driver.SetQuota(layer, new LayerQuota(size, driver.DefaultQuota?.MaxInodes));
            driver.WriteIdentity(layer, Identity(container, chain.Count).ToJson());
            driver.SyncLayer(layer);
            inner = new VolumePreparation(volumes, mounting).Run(container, inner, made);
            container = metadata.Database.Write(transaction => Commit(transaction, container, options, inner), durable: true);
            driver.ConfirmIdentity(layer);
            return container;
        }
        catch
        {
            Undo(layer);
            made.ForEach(TryRemoveVolume);
            throw;
        }
    }

    private ContainerRecord Commit(MetadataTransaction transaction, ContainerRecord container, ContainerOptions options, IReadOnlyList<ContainerMountRecord> inner)
    {
        if (ContainerRecords.NameExists(transaction, container.Name))
            container = container with { Name = options.Name is null ? Generate(transaction) : RefuseTaken(transaction, options.Name) };
        if (container.ImageId is { } image && metadata.Images.Get(image, transaction) is null)
            throw Vanished(options.Image!);
        if (!LayerRecords.SetCommitted(transaction, container.Layer))
            throw new StoreException(ErrorIds.StoreDamaged, StoreErrorKind.StoreDamaged, container.Layer.Value,
                $"The layer {container.Layer} of the new container was taken away while it was made.",
                "Run the command again; two programs may disagree on which processes are alive (different boot ids over one root).");
        ContainerRecords.Insert(transaction, container, options.Labels);
        foreach (var mount in inner)
            ContainerMountRecords.Insert(transaction, container.Id, mount);
        return container;
    }

    /// <summary>Before anything is made: a layer may be a copy of a whole image.</summary>
    private void RefuseLimit(long? size)
    {
        if (size is null)
            return;
        if (size <= 0)
            throw new StoreException(ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, size.Value.ToString(CultureInfo.InvariantCulture),
                $"{size} bytes is no limit for a container's size.", "Give a size such as 10GB, or leave it out for a container without limit.");
        if (!driver.Features.HasFlag(DriverFeatures.Quota))
            throw QuotaErrors.Unsupported(driver.Name, ByteSize.Format(size.Value));
    }

    private void Undo(LayerId layer)
    {
        layers.TryDeleteFiles(layer);
        try
        {
            layers.DeleteRemoved(metadata.Database.Write(transaction =>
                metadata.Layers.Find(layer, transaction) is { } record ? layers.Release(transaction, record) : [], durable: true));
        }
        catch (StoreException)
        {
            // It stays marked, and the next opener undoes it; the first failure is the one to tell.
        }
    }

    private void TryRemoveVolume(string name)
    {
        try
        {
            volumes.Remove(name);
        }
        catch (StoreException)
        {
            // Another command took it meanwhile, or it is an empty volume too many; the first failure is the one to tell.
        }
    }

    private FoundImage FindImage(string nameOrId)
    {
        var image = images.Get(nameOrId);
        var record = metadata.Images.Get(image.Id) ?? throw Vanished(nameOrId);
        // Named by id, a container shows the name that the image has; named by name, it shows what was typed, as Docker does.
        var digits = nameOrId.StartsWith("sha256:", StringComparison.Ordinal) ? nameOrId["sha256:".Length..] : nameOrId;
        var byId = image.Id.AsSpan("sha256:".Length).StartsWith(digits, StringComparison.Ordinal)
            && !(ImageReference.TryParse(nameOrId, out var reference) && metadata.Images.FindByName(reference.Canonical)?.Id == image.Id);
        if (!byId)
            return new FoundImage(record, nameOrId);
        return new FoundImage(record, image.Reference.StartsWith("sha256:", StringComparison.Ordinal) ? image.Id.Substring("sha256:".Length, 12) : image.Reference);
    }

    private void RefuseVanished(MetadataTransaction transaction, FoundImage? image, string? nameOrId)
    {
        if (image is not null && metadata.Images.Get(image.Record.Id, transaction) is null)
            throw Vanished(nameOrId!);
    }

    private string RefuseTaken(MetadataTransaction transaction, string name) =>
        metadata.Containers.FindByName(name, transaction) is { } holder ? throw ContainerName.InUse(name, holder.Id[..12]) : name;

    private static string Generate(MetadataTransaction transaction) =>
        NameGenerator.Next(name => ContainerRecords.NameExists(transaction, name));

    private static StoreException Vanished(string nameOrId) => new(
        ErrorIds.ImageNotFound, StoreErrorKind.NotFound, nameOrId,
        $"The image '{Printable.Escape(nameOrId)}' was removed while the container was made.",
        "Import the image again.");

    private static LayerIdentity Identity(ContainerRecord container, int depth) => new()
    {
        Kind = "container",
        Id = container.Layer.Value,
        ParentId = container.Parent?.Value,
        Depth = depth,
        Created = container.Created,
        ContainerId = container.Id,
        ContainerName = container.Name,
        ImageId = container.ImageId,
        ImageName = container.ImageName,
        SizeLimit = container.SizeLimit,
    };

    /// <summary>An image and how the container is to show it.</summary>
    private sealed record FoundImage(ImageRecord Record, string Name);
}
